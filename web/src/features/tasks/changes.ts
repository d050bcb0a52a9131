import { unwrap } from "solid-js/store";
import type { CreateTask, Task, UpdateTask } from "../../api/schema";
import type { Shown } from "../../sync/store";
import { say, sayWrong } from "../../ui/toast";
import { perform, takeBack } from "../sync/here";
import { held, setHeld } from "./store";
import { shows, type Status, view } from "./views";

interface Undo {
  /** The command's id; undefined: there is nothing to take back. */
  done: Promise<string | undefined>;
  /** How the task was. */
  before: Shown;
  /** Takes away the message that offers it: it is true no more. */
  unsay?: () => void;
}

/** What was done last; `z` takes back the newest. */
const undos: Undo[] = [];
const UNDOS_MOST = 100;

export const forgetUndos = (): void => void undos.splice(0);

/** The task shows at once. */
export function add(made: CreateTask & { id: string }): Promise<string | undefined> {
  const done = act(perform("create_task", made));
  remember(done, { kind: "tasks", id: made.id });
  return done;
}

/**
 * Shows at once; if the server refuses it, the task is as it was. `base`: its number when the person began. What is done
 * to a task that has just gone is sent all the same: the refusal keeps the words.
 */
export function change(id: string, fields: UpdateTask, base = bare(id)?.seq): Promise<string | undefined> {
  const before = bare(id);
  const done = act(perform("update_task", { id, ...fields }, base === undefined ? {} : { base }));
  if (before) remember(done, { kind: "tasks", id, fields: asBefore(before, fields) });
  return done;
}

function asBefore(before: Task, fields: UpdateTask): Partial<Task> {
  const changed = { ...fields, ...(fields.status && { completed_at: null }) };
  return Object.fromEntries(Object.keys(changed).map((name) => [name, before[name as keyof Task]]));
}

/** `done` says so, and how to take it back. */
export function setStatus(id: string, status: Status): void {
  const task = held.tasks[id];
  if (!task || task.status === status) return;
  leave(task, status);
  void change(id, { status });
  if (status === "done") sayDone(`“${task.title}” is done`);
}

export function remove(id: string): void {
  const task = bare(id);
  if (!task) return;
  remember(act(perform("delete_task", { id }, { base: task.seq })), { kind: "tasks", id, fields: task });
  sayDone(`“${task.title}” is deleted`);
}

/** Offers to take back this, whatever is done meanwhile. */
function sayDone(words: string): void {
  const done = undos.at(-1)!;
  done.unsay = say(words, { name: "Undo", key: "Z", run: () => takeOut(done) });
}

export function undoLast(): void {
  const last = undos.at(-1);
  if (last) takeOut(last);
  else say("There is nothing to undo.");
}

function takeOut(done: Undo): void {
  done.unsay?.();
  const at = undos.indexOf(done);
  if (at >= 0) void undo(...(undos.splice(at, 1) as [Undo]));
}

async function undo({ done, before }: Undo): Promise<void> {
  const command = await done;
  if (!command) return;
  const { status } = (before.fields ?? {}) as Partial<Task>;
  const task = held.tasks[before.id];
  if (task && status) leave(task, status);
  await takeBack(command, before).catch(() => say("This cannot be undone any more."));
}

function remember(done: Promise<string | undefined>, before: Shown): void {
  undos.push({ done, before });
  if (undos.length > UNDOS_MOST) undos.shift();
}

/** The command's id; undefined where this device could not keep it, and shows it no more. */
async function act(work: Promise<string>): Promise<string | undefined> {
  try {
    return await work;
  } catch {
    sayWrong("This device has no room for the change. Free some space, then do it again.");
    return undefined;
  }
}

/** The engine's own row, which can be stored: not the screen's view of it. */
const bare = (id: string): Task | undefined => unwrap(held).tasks[id];

/** It is still to be seen where it was, until its row has closed. */
function leave(task: Task, status: Status): void {
  const now = view();
  if (now && shows(now, task) && !shows(now, { ...task, status })) setHeld("leaving", task.id, true);
  else setHeld("leaving", task.id, undefined!);
}
