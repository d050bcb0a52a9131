import type { Task } from "../../api/schema";
import { addDays, dateOf, today } from "./dates";

export interface Group {
  name: string;
  late: boolean;
  ids: string[];
  /** Nothing of it is still at the server. */
  whole: boolean;
}

/** Tasks in the order of their dates, by how near these are. */
export function byDate(tasks: Task[], complete: boolean): Group[] {
  const [now, tomorrow, week] = [today(), addDays(today(), 1), addDays(today(), 7)];
  const groups = Map.groupBy(tasks, (task) => nearness(dateOf(task), now, tomorrow, week));
  const last = [...groups.keys()].at(-1);
  return [...groups].map(([name, members]) => ({
    name,
    late: name === "Overdue",
    ids: members.map(({ id }) => id),
    whole: complete || name !== last,
  }));
}

function nearness(date: string | undefined, now: string, tomorrow: string, week: string): string {
  if (!date) return "No date";
  if (date < now) return "Overdue";
  if (date === now) return "Today";
  if (date === tomorrow) return "Tomorrow";
  return date < week ? "This week" : "Later";
}
