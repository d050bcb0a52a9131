import type { Task } from "../../api/schema";
import { localDue } from "./dates";

/** The orders of the API that are offered here. */
export const SORTS = { due: "Due date", "-priority": "Priority", "-created": "Newest first", title: "Title" } as const;
export type Sort = keyof typeof SORTS;

// What has no date comes after all that has one, as in the API.
const NEVER = "9999";
const words = new Intl.Collator(undefined, { numeric: true });

const KEYS: Record<Sort, (a: Task, b: Task) => number> = {
  due: (a, b) => compare(localDue(a) ?? NEVER, localDue(b) ?? NEVER),
  "-priority": (a, b) => b.priority - a.priority,
  "-created": (a, b) => compare(b.created_at, a.created_at),
  title: (a, b) => words.compare(a.title, b.title),
};

export function inOrder(sort: Sort): (a: Task, b: Task) => number {
  const back = sort.startsWith("-") ? -1 : 1;
  return (a, b) => KEYS[sort](a, b) || back * compare(a.id, b.id);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
