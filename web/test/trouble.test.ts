import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../src/api/refusal";
import { createEngine, type Engine } from "../src/sync/engine";
import { Contents, memoryStore } from "../src/sync/memory";
import type { Answer, Command, Page, Result } from "../src/sync/protocol";
import type { Chance, Transport } from "../src/sync/transport";
import { Dice } from "./chance";

const HOME = "00000000-0000-4000-8000-000000000001";
const TEAM = "00000000-0000-4000-8000-000000000002";
const TASK = "00000000-0000-4000-8000-000000000003";

/** An engine over a store that fails while `isFull`, with a clock that the test sets. */
class Device {
  readonly contents = new Contents();
  readonly sent: Command[] = [];
  isFull = false;
  now = Date.UTC(2026, 10, 25);
  reply: (commands: readonly Command[]) => Partial<Answer> = () => ({});
  engine!: Engine;

  async open(): Promise<Engine> {
    const store = memoryStore(this.contents, (moment) => {
      if (this.isFull && moment === "before") throw new DOMException("", "QuotaExceededError");
    });
    const transport: Transport = {
      exchange: async (_, commands) => (this.sent.push(...commands), { ...EMPTY, ...this.reply(commands) }),
    };
    const chance: Chance = Object.assign(new Dice(1), { now: () => this.now });
    this.engine = createEngine({ store, transport, account: { id: HOME, space: HOME }, chance });
    await this.engine.open();
    return this.engine;
  }
}

const EMPTY: Answer = { results: [], spaces: {} };
const page = (seq: number, told: Partial<Page> = {}): Page => {
  return { cursor: String(seq), seq, more: false, resync: false, ...told };
};
const task = (seq: number, title: string) => ({ id: TASK, seq, title, label_ids: [] }) as never;
const yes = ({ id }: Command, seq: number): Result => ({ id, ok: true, seq });
const no = ({ id }: Command, code: string): Result => {
  return { id, ok: false, problem: { code, status: 404, title: "", detail: "", request_id: "" } as never };
};

async function opened(): Promise<[Engine, Device]> {
  const device = new Device();
  return [await device.open(), device];
}

test("a screen that breaks keeps nothing from being saved, and no other from being told", async (t) => {
  const [engine, device] = await opened();
  const { mock } = t.mock.method(console, "error", () => {});
  let told = 0;
  engine.subscribe(() => {
    throw new Error("broken");
  });
  engine.subscribe(() => told++);

  const id = await engine.do("create_task", { title: "Milk" });

  assert.ok(device.contents.queue.has(id));
  assert.ok(told > 0);
  assert.match(String(mock.calls[0]?.arguments[0]), /broken/);
});

test("a command whose effect cannot be shown is sent all the same, after a new start too", async (t) => {
  const [engine, device] = await opened();
  t.mock.method(console, "error", () => {});
  await engine.do<string>("create_task", { title: "Milk", label_ids: 5 });
  await engine.do("create_task", { title: "Bread" });

  const again = await device.open();
  await again.sync();

  assert.ok(again.all("tasks").some(({ title }) => title === "Bread"));
  assert.deepEqual(
    device.sent.map(({ args }) => args.title),
    ["Milk", "Bread"],
  );
});

test("what a newer server is needed for is asked again after a minute, also where the clock was set back", async () => {
  const [engine, device] = await opened();
  device.reply = (commands) => ({ results: commands.map((command) => no(command, "upgrade_required")) });
  await engine.do<string>("fold_task", { id: TASK });
  await engine.sync();
  await engine.sync();
  assert.equal(device.sent.length, 1);

  device.now -= 5 * 3_600_000;
  await engine.sync();

  assert.equal(device.sent.length, 2);
});

test("what is done after the clock was set back comes after what was done before", async () => {
  const [engine, device] = await opened();
  await engine.do("update_task", { id: TASK, title: "first" });
  device.now -= 5 * 3_600_000;
  await engine.do("update_task", { id: TASK, title: "second" });

  const again = await device.open();
  await again.sync();

  assert.deepEqual(
    device.sent.map(({ args }) => args.title),
    ["first", "second"],
  );
});

test("what could not be saved is not shown, and what could not be stored of an answer is taken later", async () => {
  const [engine, device] = await opened();
  await engine.do("create_task", { id: TASK, title: "Milk" });
  device.isFull = true;
  device.reply = (commands) => ({ results: commands.map((command) => yes(command, 1)), spaces: { [HOME]: page(1) } });
  await assert.rejects(engine.do("create_task", { title: "Bread" }), { name: "QuotaExceededError" });
  await assert.rejects(engine.sync(), { name: "QuotaExceededError" });
  assert.deepEqual(
    engine.all("tasks").map(({ title }) => title),
    ["Milk"],
  );
  assert.equal(engine.status().waiting, 1);

  device.isFull = false;
  await engine.sync();

  assert.equal(engine.status().waiting, 0);
  assert.deepEqual(device.sent.map(({ id }) => id)[0], device.sent.map(({ id }) => id)[1]);
});

test("what something between here and the server says of a call is no refusal of a command", async () => {
  const [engine, device] = await opened();
  await engine.do("create_task", { title: "Milk" });
  for (const status of [400, 422]) {
    device.reply = () => {
      throw new Refusal(status, {});
    };
    await assert.rejects(engine.sync(), Refusal);
  }

  assert.equal(engine.status().waiting, 1);
  assert.deepEqual(engine.refused(), []);
});

test("a command that was accepted in a space that is gone by then leaves the queue", async () => {
  const [engine, device] = await opened();
  await engine.receive({ spaces: { [TEAM]: page(3) } }, new Map());
  await engine.do("create_task", { title: "Milk" }, { space: TEAM });
  await engine.receive({ spaces: { [TEAM]: { gone: true } } }, engine.positions());
  device.reply = (commands) => ({ results: commands.map((command) => yes(command, 4)), spaces: { [HOME]: page(1) } });

  await engine.sync();

  assert.equal(device.contents.queue.size, 0);
  assert.deepEqual(engine.all("tasks", TEAM), []);
});

test("somebody who looks is told of what a new start no longer has", async () => {
  const [engine, device] = await opened();
  await engine.receive({ spaces: { [HOME]: page(3, { tasks: [task(3, "Milk")] }) } }, new Map());
  device.contents.rows.clear();
  let isTold = false;
  engine.subscribe(({ touched }) => (isTold ||= touched.has(HOME, "tasks")));

  await engine.open();

  assert.deepEqual(engine.all("tasks"), []);
  assert.ok(isTold);
});

test("a tab whose store fails when it begins to lead leads all the same", async () => {
  const store = memoryStore();
  let reads = 0;
  const failing = { ...store, read: async () => (++reads > 1 ? Promise.reject(new DOMException()) : store.read()) };
  const asked = new Promise<void>((tell) => {
    const transport: Transport = { exchange: async () => (tell(), engine.stop(), EMPTY) };
    const engine = createEngine({ store: failing, transport, account: { id: HOME, space: HOME } });
    void engine.start();
  });

  await asked;

  assert.equal(reads, 2);
});
