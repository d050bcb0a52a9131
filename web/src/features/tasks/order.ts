import type { Task } from "../../api/schema";
import { localDue } from "./dates";

/** The orders of the API that are offered here. */
export const SORTS = { due: "Due date", "-priority": "Priority", "-created": "Newest first", title: "Title" } as const;
export type Sort = keyof typeof SORTS;

type Key = string | number;

// What has no date comes after all that has one, as in the API.
const NEVER = "9999";
const words = new Intl.Collator(undefined, { numeric: true });

const KEYS: Record<Sort, (task: Task) => Key> = {
  due: (task) => localDue(task) ?? NEVER,
  "-priority": (task) => task.priority,
  "-created": ({ created_at }) => moment(created_at),
  title: (task) => task.title,
};

/** The tasks in an order; those that are alike in it by their ids. */
export function inOrder(tasks: Task[], sort: Sort): Task[] {
  const back = sort.startsWith("-") ? -1 : 1;
  const byKey = sort === "title" ? words.compare : compare<Key>;
  return tasks
    .map((task) => ({ task, key: KEYS[sort](task) }))
    .sort((a, b) => back * ((byKey as typeof compare<Key>)(a.key, b.key) || compare(a.task.id, b.task.id)))
    .map(({ task }) => task);
}

/** Without its Z, a whole second sorts before its own fractions. */
const moment = (at: string) => at.replace("Z", "");

const compare = <T extends Key>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
