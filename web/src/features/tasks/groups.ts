import type { Task } from "../../api/schema";
import { addDays, dateOf, today } from "./due";

export interface Group {
  name: string;
  late: boolean;
  ids: string[];
  /** Nothing of it is still at the server. */
  whole: boolean;
}

/** Tasks in the order of their dates, by how near these are. */
export function byDate(tasks: Task[], complete: boolean): Group[] {
  const groups = Map.groupBy(tasks, (task) => nearness(dateOf(task)));
  const last = [...groups.keys()].at(-1);
  return [...groups].map(([name, members]) => ({
    name, late: name === "Overdue", ids: members.map(({ id }) => id), whole: complete || name !== last,
  }));
}

function nearness(date: string | undefined): string {
  if (!date) return "No date";
  if (date < today()) return "Overdue";
  if (date === today()) return "Today";
  if (date === addDays(today(), 1)) return "Tomorrow";
  return date < addDays(today(), 7) ? "This week" : "Later";
}
