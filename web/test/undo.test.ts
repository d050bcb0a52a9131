import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreachable } from "../src/api/refusal";
import { createEngine } from "../src/sync/engine";
import { Contents, memoryStore } from "../src/sync/memory";
import type { Answer, Command, Result } from "../src/sync/protocol";
import { Dice } from "./chance";

const HOME = "00000000-0000-4000-8000-000000000001";
const TASK = "00000000-0000-4000-8000-000000000003";
type Reply = (command: Command) => Result;

/** A device with one task, whose server answers each command so; until `connect`, it answers nothing. */
async function deviceOf(reply: Reply) {
  const sent: Command[][] = [];
  let isConnected = false;
  const exchange = async (_: unknown, commands: readonly Command[]): Promise<Answer> => {
    if (!isConnected) throw new Unreachable();
    sent.push([...commands]);
    return { results: commands.map(reply), spaces: {} };
  };
  const contents = new Contents();
  const row = { id: TASK, seq: 1, status: "todo", completed_at: null, label_ids: [] };
  contents.rows.set("task", { space: HOME, kind: "tasks", row });
  contents.spaces.set(HOME, { space: HOME, cursor: "1", at: 1, complete: true });
  const account = { id: HOME, space: HOME };
  const started = async (seed: number) => {
    const engine = createEngine({
      store: memoryStore(contents),
      transport: { exchange },
      account,
      chance: new Dice(seed),
    });
    await engine.open();
    return engine;
  };
  return { engine: await started(1), started, sent, connect: () => (isConnected = true) };
}

const yes = (seq: number) => (command: Command) => ({ id: command.id, ok: true, seq }) as const;
const no = ({ id }: Command): Result => {
  return { id, ok: false, problem: { code: "deleted", status: 409, title: "", detail: "", request_id: "" } };
};
const before = { kind: "tasks", id: TASK, fields: { status: "todo", completed_at: null } } as const;

test("what is taken back before it was sent is shown as it was, and sent with the number that it then has", async () => {
  const { engine, sent, connect } = await deviceOf(({ id, type }) => ({ id, ok: true, seq: type === "undo" ? 8 : 7 }));
  const done = await engine.do("update_task", { id: TASK, status: "done" });

  await engine.undo(done, before);
  await engine.do("update_task", { id: TASK, title: "Later" });
  assert.equal(engine.get("tasks", TASK)?.status, "todo");
  connect();
  await engine.sync();

  const calls = sent.map((commands) => commands.map(({ type, args }) => [type, args.seq ?? null]));
  assert.deepEqual(calls, [
    [["update_task", null]],
    [
      ["undo", 7],
      ["update_task", null],
    ],
  ]);
  assert.deepEqual(sent[1]![0]!.args, { kind: "task", id: TASK, seq: 7, space_id: HOME });
});

test("what the server has taken is taken back by its number at once, also after a start from the store", async () => {
  const { engine, started, sent, connect } = await deviceOf(yes(7));
  const done = await engine.do("update_task", { id: TASK, status: "done" });
  connect();
  await engine.sync();

  const again = await started(2);
  await again.undo(done, before);
  await again.sync();

  assert.equal(sent[1]![0]!.args.seq, 7);
  assert.equal(again.get("tasks", TASK)?.status, "todo");
});

test("what was refused is not there to be taken back", async () => {
  const { engine, sent, connect } = await deviceOf(no);
  const done = await engine.do("update_task", { id: TASK, status: "done" });
  await engine.undo(done, before);
  connect();
  await engine.sync();

  assert.deepEqual(
    sent.flat().map(({ type }) => type),
    ["update_task"],
  );
  assert.equal(engine.status().waiting, 0);
  assert.equal(engine.refused().length, 1);
  await assert.rejects(engine.undo(done, before));
});

test("a deletion that is taken back shows the thing again", async () => {
  const { engine } = await deviceOf(yes(7));
  const task = engine.get("tasks", TASK)!;
  const gone = await engine.do("delete_task", { id: TASK });
  assert.equal(engine.get("tasks", TASK), undefined);

  await engine.undo(gone, { kind: "tasks", id: TASK, fields: task });

  assert.deepEqual(engine.get("tasks", TASK), task);
});

test("fields that are taken back of what is gone by then show nothing", async () => {
  const { engine } = await deviceOf(yes(7));
  const done = await engine.do("update_task", { id: TASK, status: "done" });
  await engine.receive(
    { spaces: { [HOME]: { cursor: "2", seq: 2, more: false, resync: false, tasks: [GONE] } } },
    FROM,
  );

  await engine.undo(done, before);

  assert.deepEqual(engine.all("tasks"), []);
});

const GONE = { id: TASK, seq: 2, deleted: true } as const;
const FROM = new Map([[HOME, { at: 1, era: 0 }]]);

test("what is taken back keeps the number of the thing that is there by now", async () => {
  const { engine, connect } = await deviceOf(yes(7));
  const task = engine.get("tasks", TASK)!;
  const gone = await engine.do("delete_task", { id: TASK });
  connect();
  await engine.sync();
  await engine.undo(gone, { kind: "tasks", id: TASK, fields: task });

  const row = { ...task, seq: 9 };
  const page = { cursor: "9", seq: 9, more: true, resync: false, tasks: [row] };
  await engine.receive({ spaces: { [HOME]: page } }, engine.positions());

  assert.equal(engine.get("tasks", TASK)!.seq, 9);
});
