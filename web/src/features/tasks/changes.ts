import { batch } from "solid-js";
import { counted } from "../../api/pending";
import { Refusal, sentence } from "../../api/refusal";
import type { CreateTask, Task, UpdateTask } from "../../api/schema";
import { say, sayWrong } from "../../ui/toast";
import { createTask, deleteTask, isGone, updateTask } from "./requests";
import { busy, forget, held, merge, setHeld } from "./store";
import { shows, type Status, view } from "./views";

/** What was done last, as what would take it back; `z` runs the newest. */
const undos: { id: string; run: () => void }[] = [];
/** Changes of one task go out one after the other. */
const queues = new Map<string, Promise<unknown>>();

/** Shows the task at once. One that the server does not take stays in the list, with its words and the reason. */
export async function add(made: CreateTask & { id: string }): Promise<void> {
  setHeld("tasks", made.id, blank(made));
  await save(made.id);
}

export async function save(id: string): Promise<void> {
  const task = held.tasks[id];
  if (!task) return;
  setHeld("unsaved", id, undefined!);
  try {
    await inTurn(id, () => createOrMend(asMade(task)));
  } catch (error) {
    setHeld("unsaved", id, sentence(error));
    sayWrong(`“${task.title}” is not saved. ${sentence(error)}`, { name: "Save again", run: () => void save(id) });
  }
}

/** Shows the change at once; takes it back with a sentence where the server refuses. Answers the refusal. */
export async function change(id: string, fields: UpdateTask, { undoable = true } = {}): Promise<unknown> {
  const before = held.tasks[id];
  if (!before) return undefined;
  const old = Object.fromEntries(Object.keys(fields).map((name) => [name, before[name as keyof Task]])) as UpdateTask;
  setHeld("tasks", id, fields as Partial<Task>);
  if (held.unsaved[id]) {
    await save(id);
    return undefined;
  }
  const undo = { id, run: () => void setAgain(id, old) };
  if (undoable) undos.push(undo);
  try {
    await inTurn(id, () => updateTask(id, fields));
    return undefined;
  } catch (error) {
    if (undos.includes(undo)) undos.splice(undos.indexOf(undo), 1);
    refuse(id, fields, old, error);
    return error;
  }
}

export const forgetUndos = (): void => void undos.splice(0);

export function undoLast(): void {
  const last = undos.pop();
  if (last) last.run();
  else say("There is nothing to undo.");
}

/** `done` says so, and how to take it back. */
export function setStatus(id: string, status: Status): void {
  const task = held.tasks[id];
  if (!task || task.status === status) return;
  batch(() => {
    leave(task, status);
    void change(id, { status });
  });
  if (status === "done") say(`“${task.title}” is done`, { name: "Undo", key: "Z", run: undoLast });
}

export async function remove(id: string): Promise<void> {
  const task = held.tasks[id];
  if (!task) return;
  const unsaved = held.unsaved[id];
  forget([id]);
  if (unsaved) return;
  try {
    await inTurn(id, () => deleteTask(id));
    say(`“${task.title}” is deleted`);
  } catch (error) {
    setHeld("tasks", id, task);
    sayWrong(`“${task.title}” is not deleted. ${sentence(error)}`);
  }
}

function setAgain(id: string, old: UpdateTask): void {
  const task = held.tasks[id];
  if (task && old.status) leave(task, old.status);
  void change(id, old, { undoable: false });
}

/** It is still to be seen where it was, until its row has closed. */
function leave(task: Task, status: Status): void {
  const now = view();
  if (now && shows(now, task) && !shows(now, { ...task, status })) setHeld("leaving", task.id, true);
  else setHeld("leaving", task.id, undefined!);
}

function refuse(id: string, fields: UpdateTask, old: UpdateTask, error: unknown): void {
  const task = held.tasks[id];
  if (!task) return;
  if (isGone(error)) {
    forget([id]);
    sayWrong(`“${task.title}” was deleted elsewhere.`);
    return;
  }
  for (const [name, value] of Object.entries(old)) {
    const mine = (fields as Record<string, unknown>)[name];
    if (task[name as keyof Task] === mine) setHeld("tasks", id, { [name]: value } as Partial<Task>);
  }
  setHeld("leaving", id, undefined!);
  sayWrong(`“${held.tasks[id]?.title}” is as it was. ${sentence(error)}`);
}

async function inTurn(id: string, work: () => Promise<Task | void>): Promise<void> {
  busy.set(id, (busy.get(id) ?? 0) + 1);
  const turn = (queues.get(id) ?? Promise.resolve()).catch(() => undefined).then(work);
  queues.set(id, turn);
  try {
    const saved = await counted(turn).finally(() => busy.set(id, (busy.get(id) ?? 1) - 1));
    if (saved) merge([saved]);
  } finally {
    if (!busy.get(id)) {
      busy.delete(id);
      queues.delete(id);
    }
  }
}

/** An earlier try may have come through, its answer lost, and the words changed since. */
async function createOrMend({ id, ...fields }: CreateTask & { id: string }): Promise<Task> {
  try {
    return await createTask({ id, ...fields });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error;
    return updateTask(id, fields);
  }
}

function asMade({ id, title, description, status, due_date, priority }: Task): CreateTask & { id: string } {
  return { id, title, status, priority, ...(description && { description }), ...(due_date && { due_date }) };
}

function blank(made: CreateTask & { id: string }): Task {
  const now = new Date().toISOString();
  return {
    description: "",
    status: "todo",
    priority: 0,
    due_date: null,
    due_at: null,
    due_zone: null,
    completed_at: null,
    created_at: now,
    updated_at: now,
    seq: 0,
    ...made,
  } as Task;
}
