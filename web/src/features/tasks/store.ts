import { batch, createMemo, createRoot, createSignal } from "solid-js";
import { createStore, produce, reconcile, type SetStoreFunction, unwrap } from "solid-js/store";
import { sentence } from "../../api/refusal";
import type { Task } from "../../api/schema";
import { inOrder, type Sort } from "./order";
import { listTasks, type Page } from "./requests";
import { shows, sort, type View, view } from "./views";

interface Held {
  tasks: Record<string, Task>;
  /** Tasks that the server has not taken, with the reason. */
  unsaved: Record<string, string>;
  /** Just gone from this view: still to be seen for a moment. */
  leaving: Record<string, true>;
}

const [held, set] = createStore<Held>({ tasks: {}, unsaved: {}, leaving: {} });
const [revision, setRevision] = createSignal(0);

/** As the store's own setter; the list is told once, and then reads without being told of each field of each task. */
export const setHeld = ((...change: unknown[]) =>
  batch(() => {
    (set as (...change: unknown[]) => void)(...change);
    setRevision((number) => number + 1);
  })) as SetStoreFunction<Held>;

const [cursor, setCursor] = createSignal<string | null>();
const [trouble, setTrouble] = createSignal<string>();
const [asking, setAsking] = createSignal(false);
/** How many changes of a task are on their way: until they are, the server's form of it is old. */
const busy = new Map<string, number>();

/** `cursor`: undefined before the first page has come, null after the last. */
export { asking, busy, cursor, held, trouble };

export const listed = createRoot(() =>
  createMemo(() => {
    const now = view();
    revision();
    if (!now) return [];
    const { tasks, leaving } = unwrap(held);
    return Object.values(tasks)
      .filter((task) => shows(now, task) || leaving[task.id])
      .sort(inOrder(sort()));
  }),
);

/** The first page of a view; what is already held of it stays on the screen meanwhile. */
export async function load(): Promise<void> {
  await ask(undefined);
}

export async function loadMore(): Promise<void> {
  const from = cursor();
  if (from && !asking()) await ask(from);
}

let latest = 0;

async function ask(from: string | undefined): Promise<void> {
  const [to, by, number] = [view(), sort(), ++latest];
  if (!to) return;
  if (!from) setCursor(undefined);
  setAsking(true);
  try {
    const page = await listTasks(to.statuses, by, from);
    if (number !== latest) return;
    merge(page.items);
    if (!from) forgetAbsent(to, by, page);
    setCursor(page.next_cursor ?? null);
    setTrouble(undefined);
  } catch (error) {
    if (number === latest) setTrouble(sentence(error));
  } finally {
    if (number === latest) setAsking(false);
  }
}

export function merge(tasks: Task[]): void {
  setHeld(
    "tasks",
    produce((all) => {
      for (const task of tasks) {
        const old = all[task.id];
        if (!busy.get(task.id) && !(old && old.seq > task.seq)) all[task.id] = task;
      }
    }),
  );
}

/** What the page should have shown and did not was deleted, or is no longer of this view. */
function forgetAbsent(to: View, by: Sort, { items, next_cursor }: Page): void {
  const present = new Set(items.map(({ id }) => id));
  const order = inOrder(by);
  const end = items.at(-1);
  const gone = Object.values(unwrap(held).tasks).filter(
    (task) =>
      shows(to, task) &&
      !present.has(task.id) &&
      !busy.get(task.id) &&
      !held.unsaved[task.id] &&
      (!next_cursor || (end && order(task, end) < 0)),
  );
  forget(gone.map(({ id }) => id));
}

export function forget(ids: string[]): void {
  setHeld(
    produce((all) => {
      for (const id of ids) {
        delete all.tasks[id];
        delete all.unsaved[id];
        delete all.leaving[id];
      }
    }),
  );
}

export function forgetAll(): void {
  busy.clear();
  setCursor(undefined);
  setHeld(reconcile({ tasks: {}, unsaved: {}, leaving: {} }));
}

/** In the view, in its order, or undefined at either end. */
export function neighbour(id: string, step: 1 | -1): string | undefined {
  const all = listed();
  return all[all.findIndex((task) => task.id === id) + step]?.id;
}
