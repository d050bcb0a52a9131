import { batch, createEffect, createMemo, createRoot, createSignal, on } from "solid-js";
import { createStore, produce, type SetStoreFunction, unwrap } from "solid-js/store";
import type { Task } from "../../api/schema";
import type { Engine } from "../../sync/engine";
import type { News } from "../../sync/state";
import { inOrder } from "./order";
import { shows, sort, view } from "./views";

interface Held {
  /** The tasks of the person's own space, as the engine shows them. */
  tasks: Record<string, Task>;
  /** Just gone from this view: still to be seen for a moment. */
  leaving: Record<string, true>;
}

const [held, set] = createStore<Held>({ tasks: {}, leaving: {} });
const [revision, setRevision] = createSignal(0);
export { held };

/** As the store's own setter; the list is told once, and then reads without being told of each field of each task. */
export const setHeld = ((...change: unknown[]) =>
  batch(() => {
    (set as (...change: unknown[]) => void)(...change);
    setRevision((number) => number + 1);
  })) as SetStoreFunction<Held>;

/** Shows the tasks of a space as the engine has them; returns how to end that, and to show none. */
export function follow(engine: Engine, space: string): () => void {
  const end = engine.subscribe(({ touched }: News) => {
    const ids = touched.spaces.get(space)?.get("tasks");
    if (ids) show(engine, space, ids);
  });
  const all = engine.all("tasks", space);
  show(engine, space, all.map(({ id }) => id));
  return () => {
    end();
    setHeld(produce((all) => ([all.tasks, all.leaving] = [{}, {}])));
  };
}

/** Rows take each other's place whole: they are the engine's, and nothing is written into them. */
function show(engine: Engine, space: string, ids: Iterable<string>): void {
  setHeld(
    produce(({ tasks, leaving }) => {
      for (const id of ids) {
        const task = engine.get("tasks", id, space);
        if (task) tasks[id] = task;
        else {
          delete tasks[id];
          delete leaving[id];
        }
      }
    }),
  );
}

export const listed = createRoot(() =>
  createMemo<Task[]>((last) => {
    const now = view();
    revision();
    if (!now) return [];
    const { tasks, leaving } = unwrap(held);
    const shown = asBefore(last, tasks).filter((task) => shows(now, task) || leaving[task.id]);
    return inOrder(shown, sort());
  }, []),
);

/** All of them, in the order of the last time: what is nearly in order is quickly put in order. */
function asBefore(last: Task[], tasks: Record<string, Task>): Task[] {
  const known = new Set(last.map(({ id }) => id));
  const others = Object.values(tasks).filter(({ id }) => !known.has(id));
  return [...last.flatMap(({ id }) => tasks[id] ?? []), ...others];
}

const SCREENFUL = 100;
const [most, setMost] = createSignal(SCREENFUL);
createRoot(() => createEffect(on([view, sort], () => setMost(SCREENFUL))));

/** So many of the list are on the page; more come as the end comes near. */
export { most };
export const showMore = () => setMost((number) => number + SCREENFUL);

/** Puts a task of the list on the page. */
export function reveal(id: string): void {
  const at = listed().findIndex((task) => task.id === id);
  if (at >= most()) setMost(at + SCREENFUL);
}

/** In the view, in its order, or undefined at either end. */
export function neighbour(id: string, step: 1 | -1): string | undefined {
  const all = listed();
  return all[all.findIndex((task) => task.id === id) + step]?.id;
}
