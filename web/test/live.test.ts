import assert from "node:assert/strict";
import test from "node:test";
import { createEngine } from "../src/sync/engine";
import { hereOf, Live, type Here, type Token } from "../src/sync/live";
import { memoryStore } from "../src/sync/memory";
import type { Pages } from "../src/sync/protocol";
import type { Positions } from "../src/sync/replica";
import type { Socket } from "../src/sync/wire";

const SPACE = "5a0c1f0e-0000-4000-8000-000000000001";

/** The browser's side of a line that the test speaks into. */
class Line implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly said: { type: string; access_token: string; cursors: object }[] = [];
  isClosed = false;

  send(data: string): void {
    this.said.push(JSON.parse(data));
  }
  close(): void {
    this.isClosed = true;
  }
  hears(message: object): void {
    this.onmessage!.call(this as never, { data: JSON.stringify(message) } as never);
  }
  ends(code: number): void {
    this.onclose!.call(this as never, { code } as never);
  }
}

/** A client whose time stands still until the test lets it pass. */
class Client implements Here {
  readonly lines: Line[] = [];
  readonly sleeps: { milliseconds: number; wake: () => void }[] = [];
  readonly received: Pages[] = [];
  readonly refused: (string | undefined)[] = [];
  at = 0;
  syncs = 0;
  clock = 0;
  isLive = false;
  isSignedOut = false;
  tokens: Token[] = [];
  readonly until = new AbortController();
  readonly live_ = new Live(
    this,
    () => {
      const line = new Line();
      this.lines.push(line);
      return line;
    },
    {
      now: () => this.clock,
      random: () => 0.5,
      id: () => crypto.randomUUID(),
      sleep: (milliseconds, until) =>
        new Promise((wake) => {
          if (until.aborted) return wake();
          until.addEventListener("abort", () => wake(), { once: true });
          this.sleeps.push({ milliseconds, wake });
        }),
    },
  );

  async token(refused?: string): Promise<Token | undefined> {
    this.refused.push(refused);
    return this.tokens.length > 1 ? this.tokens.shift() : this.tokens[0];
  }
  cursors = () => ({ [SPACE]: `cursor ${this.at}` });
  positions = (): Positions => new Map([[SPACE, { at: this.at, era: 0 }]]);
  async receive(pages: Pages): Promise<void> {
    this.received.push(pages);
    for (const page of Object.values(pages)) if ("seq" in page && !page.more) this.at = Math.max(this.at, page.seq);
  }
  async results(): Promise<void> {}
  async sync(): Promise<void> {
    this.syncs++;
    this.at = 50;
  }
  live(isLive: boolean): void {
    this.isLive = isLive;
  }
  signedOut(): void {
    this.isSignedOut = true;
  }

  get line(): Line {
    return this.lines.at(-1)!;
  }
  get waits(): number {
    return this.sleeps.at(-1)!.milliseconds;
  }
  async connected(): Promise<Line> {
    await settled();
    this.line.onopen!.call(this.line as never, {} as never);
    await settled();
    return this.line;
  }
  async passes(): Promise<void> {
    this.sleeps.at(-1)!.wake();
    await settled();
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const changes = (seq: number, more = false) => ({
  type: "changes",
  spaces: { [SPACE]: { cursor: `cursor ${seq}`, seq, more, resync: false } },
});
const token = (name: string, until = 900_000): Token => ({ token: name, until });

async function started(...tokens: Token[]): Promise<[Client, Line]> {
  const client = new Client();
  client.tokens = tokens.length ? tokens : [token("first")];
  void client.live_.run(client.until.signal);
  const line = await client.connected();
  return [client, line];
}

test("a socket says who it is and what it holds, and takes what is new", async () => {
  const [client, line] = await started();
  assert.deepEqual(line.said, [{ type: "hello", access_token: "first", cursors: { [SPACE]: "cursor 0" } }]);

  line.hears(changes(7));
  await settled();

  assert.equal(client.at, 7);
  assert.equal(client.isLive, true);
});

for (const [why, message] of [
  ["is stale", { type: "stale", space: SPACE, seq: 50 }],
  ["has more", changes(20, true)],
] as const) {
  test(`what ${why} is fetched by a call, and the server is told how far that came`, async () => {
    const [client, line] = await started();

    line.hears(message);
    await settled();

    assert.equal(client.syncs, 1);
    assert.deepEqual(line.said.at(-1)?.cursors, { [SPACE]: "cursor 50" });
    line.hears(changes(51));
    await settled();
    assert.equal(client.isLive, true);
  });
}

test("after a drain the client waits for as long as the server says, also when it is hurried", async () => {
  const [client, line] = await started();
  line.hears(changes(1));
  line.hears({ type: "drain", retry_after: 17.25 });
  await settled();
  assert.equal(client.waits, 17_250);

  client.live_.hurry();
  await settled();
  assert.equal(client.lines.length, 1);
  await client.passes();

  assert.equal(client.lines.length, 2);
});

test("a line that breaks comes back after a wait of chance, whose bound doubles", async () => {
  const [client, line] = await started();
  const waits = [];
  line.hears(changes(1));
  await settled();
  line.ends(1006);
  await settled();

  for (let time = 0; time < 7; time++) {
    waits.push(client.waits);
    await client.passes();
    client.line.ends(1006);
    await settled();
  }

  assert.deepEqual(waits, [250, 250, 500, 1000, 2000, 4000, 8000]);
});

test("a token that the server does not take is renewed at once, and not over and over", async () => {
  const [client, line] = await started(token("first"), token("second"));

  line.ends(4401);
  const second = await client.connected();

  assert.deepEqual(client.refused, [undefined, "first"]);
  assert.equal(second.said[0]?.access_token, "second");
  second.ends(4401);
  await settled();
  assert.equal(client.lines.length, 2);
  assert.equal(client.waits, 500);
});

test("a token is renewed by a hello on the same socket before it runs out", async () => {
  const [client, line] = await started(token("first", 100_000), token("second", 200_000));
  line.hears(changes(1));
  await settled();
  const renewal = client.sleeps.find(({ milliseconds }) => milliseconds === 80_000);

  renewal!.wake();
  await settled();

  assert.deepEqual(
    line.said.map((hello) => hello.access_token),
    ["first", "second"],
  );
  assert.equal(line.isClosed, false);
});

test("a session that was ended is signed out, and nothing is tried again", async () => {
  const [client, line] = await started();

  line.ends(4403);
  await settled();

  assert.equal(client.isSignedOut, true);
  assert.equal(client.lines.length, 1);
});

test("a slow client comes back with what it holds by then", async () => {
  const [client, line] = await started();
  line.hears(changes(9));
  await settled();

  line.ends(4409);
  await settled();
  await client.passes();
  const second = await client.connected();

  assert.deepEqual(second.said[0]?.cursors, { [SPACE]: "cursor 9" });
});

test("a client that was told that it was too much leaves the server alone for some seconds", async () => {
  const [client, line] = await started();

  line.ends(4429);
  await settled();

  assert.ok(client.waits >= 5000);
});

test("a line on which no hello is answered is left", async () => {
  const [client, line] = await started();
  const answer = client.sleeps.find(({ milliseconds }) => milliseconds === 30_000);

  answer!.wake();
  await settled();

  assert.equal(line.isClosed, true);
  assert.equal(client.isLive, false);
});

test("a client that is stopped closes its socket and opens no other", async () => {
  const [client, line] = await started();

  client.until.abort();
  await settled();

  assert.equal(line.isClosed, true);
  assert.equal(client.lines.length, 1);
});

for (const space of [undefined, { id: SPACE, seq: 12, name: "New name" }]) {
  test(`a space that was left and entered again is not gone on with (${space?.name ?? "after a hello"})`, async () => {
    const engine = createEngine({
      store: memoryStore(),
      transport: { exchange: () => new Promise(() => {}) },
      account: { id: "me", space: "me" },
    });
    await engine.open();
    await engine.receive({ spaces: { [SPACE]: page(10) } }, new Map());
    const line = new Line();
    const session = { token: async () => token("first"), signedOut: () => {} };
    const still = { now: () => 0, random: () => 0, id: () => "", sleep: () => new Promise<void>(() => {}) };
    const live = new Live(hereOf(engine, session), () => line, still);
    void live.run(new AbortController().signal);
    await settled();
    line.onopen!.call(line as never, {} as never);
    await settled();

    await engine.receive({ spaces: { [SPACE]: { gone: true } } }, engine.positions());
    if (!space) live.hurry(); // what comes now was sent before the server has heard that
    for (const seq of [11, 12]) line.hears({ type: "changes", spaces: { [SPACE]: { ...page(seq), space } } });
    await settled();

    assert.deepEqual(engine.spaces(), []);
  });
}

const page = (seq: number) => ({ cursor: `${seq}`, seq, more: false, resync: false });
