import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreachable } from "../src/api/refusal";
import { createEngine } from "../src/sync/engine";
import { memoryStore } from "../src/sync/memory";
import type { Page } from "../src/sync/protocol";

const HOME = "00000000-0000-4000-8000-000000000001";
const task = (id: string, seq: number, parent_id: string | null = null) =>
  ({ id, seq, parent_id, title: id, label_ids: [] }) as never;
const comment = (id: string, seq: number, task_id: string) => ({ id, seq, task_id }) as never;
const page = (seq: number, told: Partial<Page>): Page => {
  return { cursor: String(seq), seq, more: false, resync: false, ...told };
};

/** A device without a network, which holds a task with two sub-tasks, one of which has another, and a comment. */
async function device() {
  const exchange = async () => {
    throw new Unreachable();
  };
  const engine = createEngine({ store: memoryStore(), transport: { exchange }, account: { id: HOME, space: HOME } });
  await engine.open();
  const tasks = [task("top", 1), task("one", 2, "top"), task("two", 3, "top"), task("deep", 4, "two")];
  const comments = [comment("said", 5, "deep")];
  await engine.receive({ spaces: { [HOME]: page(5, { tasks, comments }) } }, new Map());
  const ids = () => [...engine.all("tasks"), ...engine.all("comments")].map(({ id }) => id).sort();
  return { engine, ids };
}

test("what hangs on a task goes with it, and what was taken off it, or put on it, before that", async () => {
  const { engine, ids } = await device();
  await engine.do("update_task", { id: "two", parent_id: null });
  await engine.do("create_task", { id: "new", title: "new", parent_id: "one" });
  await engine.do("create_comment", { id: "talk", task_id: "new", body: "talk" });

  await engine.do("delete_task", { id: "top" });

  assert.deepEqual(ids(), ["deep", "said", "two"]);
});

test("what somebody else has moved or deleted since no longer hangs there", async () => {
  const { engine, ids } = await device();
  const moved = page(8, { tasks: [task("deep", 6), { id: "one", seq: 7, deleted: true }] });
  await engine.receive({ spaces: { [HOME]: moved } }, engine.positions());
  assert.deepEqual(ids(), ["deep", "said", "top", "two"]);

  await engine.do("delete_task", { id: "top" });

  assert.deepEqual(ids(), ["deep", "said"]);
});
