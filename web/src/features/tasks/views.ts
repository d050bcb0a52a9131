import type { Task } from "../../api/schema";
import type { IconName } from "../../ui/Icon";
import { route } from "../../ui/route";
import { type Sort, SORTS } from "./order";

export type Status = Task["status"];

export interface View {
  path: string;
  name: string;
  /** What stands below the icon on a phone. */
  short: string;
  icon: IconName;
  statuses: Status[];
  sort: Sort;
  empty: { title: string; text: string };
}

export const VIEWS: View[] = [
  {
    path: "/",
    name: "All open",
    short: "Open",
    icon: "open",
    statuses: ["todo", "in_progress"],
    sort: "due",
    empty: { title: "Nothing is open", text: "Your open tasks are listed here, the nearest date first." },
  },
  {
    path: "/todo",
    name: "To do",
    short: "To do",
    icon: "todo",
    statuses: ["todo"],
    sort: "due",
    empty: { title: "Nothing to start", text: "New tasks are listed here until you start them." },
  },
  {
    path: "/in-progress",
    name: "In progress",
    short: "Doing",
    icon: "doing",
    statuses: ["in_progress"],
    sort: "due",
    empty: { title: "Nothing is in progress", text: "Set a task to In progress, or press S on it, and it comes here." },
  },
  {
    path: "/done",
    name: "Done",
    short: "Done",
    icon: "done",
    statuses: ["done"],
    sort: "-created",
    empty: { title: "Nothing is done yet", text: "Press a task's circle, or E, and it comes here." },
  },
];

export const STATUS_NAMES: Record<Status, string> = { todo: "To do", in_progress: "In progress", done: "Done" };

/** The view of the present address; undefined: there is none. */
export const view = (): View | undefined => VIEWS.find(({ path }) => path === route().path);

/** The order asked for in the address, else the view's own. */
export function sort(): Sort {
  const asked = route().query.get("sort") as Sort | null;
  return asked && asked in SORTS ? asked : (view()?.sort ?? "due");
}

export const shows = (to: View, task: Task): boolean => to.statuses.includes(task.status);

export const openId = (): string | undefined => route().query.get("task") ?? undefined;
