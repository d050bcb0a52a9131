import { real } from "../src/sync/chance";
import { createEngine, type Engine } from "../src/sync/engine";
import { type Here, hereOf, Live, type Token } from "../src/sync/live";
import { memoryStore } from "../src/sync/memory";
import type { Store } from "../src/sync/store";
import type { Chance } from "../src/sync/transport";
import { type Socket, socketsOf } from "../src/sync/wire";
import type { Person } from "./server";

/** A device that listens to the real server by a real socket; what it says, hears and waits for is written down. */
export class Listener {
  readonly engine: Engine;
  readonly said: { type: string; access_token: string }[] = [];
  readonly heard: string[] = [];
  readonly pauses: number[] = [];
  readonly refused: (string | undefined)[] = [];
  /** Seconds after which a server that goes wants to see it again. */
  after: number | undefined;
  sockets = 0;
  calls = 0;
  isLive = false;
  isSignedOut = false;
  private readonly off = new AbortController();

  constructor(
    readonly person: Person,
    private readonly tokens: Token[] = [goodFor(900_000, person.token)],
    store: Store = memoryStore(),
  ) {
    const exchange: typeof person.transport.exchange = (...asked) => (
      this.calls++,
      person.transport.exchange(...asked)
    );
    const account = { id: person.id, space: person.id };
    this.engine = createEngine({ store, transport: { exchange }, account });
  }

  /** Opens the socket, and keeps to it until the end; waits are fifty times as short. */
  async listen(): Promise<this> {
    await this.engine.open();
    const chance: Chance = { ...real, sleep: (ms, until) => (this.pauses.push(ms), real.sleep(ms / 50, until)) };
    void new Live(this.here(), () => this.socket(), chance).run(this.off.signal);
    await this.sees(() => this.isLive);
    return this;
  }

  private here(): Here {
    const here = hereOf(this.engine, {
      token: async (refused) => (
        this.refused.push(refused),
        this.tokens.length > 1 ? this.tokens.shift() : this.tokens[0]
      ),
      signedOut: () => (this.isSignedOut = true),
    });
    return { ...here, live: (isLive) => (here.live(isLive), (this.isLive = isLive)) };
  }

  private socket(): Socket {
    this.sockets++;
    const socket = socketsOf(this.person.url)() as WebSocket;
    const send = socket.send.bind(socket);
    socket.send = (data) => (this.said.push(JSON.parse(String(data))), send(data));
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(String(data))));
    return socket;
  }

  private hear({ type, retry_after }: { type: string; retry_after?: number }): void {
    this.heard.push(type);
    if (retry_after !== undefined) this.after = retry_after;
  }

  /** Waits until it is so. */
  async sees(condition: () => boolean): Promise<void> {
    const until = Date.now() + LONG_MS;
    while (!condition()) {
      if (Date.now() > until) throw new Error(`never: ${condition} (${this.heard.join(", ")})`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  titles = (space = this.person.id) => this.engine.all("tasks", space).map(({ title }) => title);
  stop = () => this.off.abort();
}

const LONG_MS = 60_000; // for a busy machine, not a promise

export const goodFor = (milliseconds: number, token: string): Token => ({ token, until: Date.now() + milliseconds });
