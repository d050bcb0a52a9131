import type { Task } from "../../api/schema";
import { addDays, dateOf, today } from "./dates";

export interface Group {
  name: string;
  late: boolean;
  /** How many there are, of which these are on the page. */
  count: number;
  ids: string[];
}

/** Tasks in the order of their dates, by how near these are; the first `most` of them. */
export function byDate(tasks: Task[], most: number): Group[] {
  const [now, tomorrow, week] = [today(), addDays(today(), 1), addDays(today(), 7)];
  const groups = Map.groupBy(tasks, (task) => nearness(dateOf(task), now, tomorrow, week));
  let left = most;
  return [...groups].flatMap(([name, members]) => {
    const ids = members.slice(0, left).map(({ id }) => id);
    left -= ids.length;
    return ids.length ? { name, late: name === "Overdue", count: members.length, ids } : [];
  });
}

function nearness(date: string | undefined, now: string, tomorrow: string, week: string): string {
  if (!date) return "No date";
  if (date < now) return "Overdue";
  if (date === now) return "Today";
  if (date === tomorrow) return "Tomorrow";
  return date < week ? "This week" : "Later";
}
