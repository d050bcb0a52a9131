import type { Task } from "../../api/schema";
import type { Args } from "../protocol";
import type { View } from "../view";
import { given, made, type Effect } from "./effect";

const create: Effect = (view, args, stamp) => {
  const task: Task = {
    id: String(args.id),
    title: "",
    description: "",
    status: "todo",
    priority: 0,
    due_date: null,
    due_at: null,
    due_zone: null,
    recurrence: null,
    recurs_from: args.recurrence ? "due" : null,
    series_id: args.recurrence ? String(args.id) : null,
    project_id: null,
    section_id: null,
    parent_id: null,
    label_ids: [],
    assignee_id: null,
    position: stamp.last,
    ...made(stamp),
    ...given<Task>(args, ...PLAIN, ...PLACE, ...DUE, "recurrence", "recurs_from", "label_ids"),
    completed_at: args.status === "done" ? stamp.when : null,
  };
  if (view.get("tasks", task.id)) return;
  view.put("tasks", { ...task, ...placeOf(view, task, args), label_ids: [...task.label_ids].sort() });
};

const update: Effect = (view, args, { when }) => {
  const before = view.get("tasks", String(args.id));
  if (!before) return;
  const task = {
    ...before,
    ...given<Task>(args, ...PLAIN, "project_id", "recurrence", "recurs_from"),
    ...due(before, args),
  };
  if (task.project_id !== before.project_id) task.section_id = null;
  Object.assign(task, given<Task>(args, "section_id"), { label_ids: labels(before, args), updated_at: when });
  Object.assign(task, args.parent_id ? placeOf(view, task, args) : {});
  task.completed_at = task.status === "done" ? (before.completed_at ?? when) : null;
  view.put("tasks", task);
  if (moved(before, task)) for (const child of below(view, task.id)) view.put("tasks", { ...child, ...place(task) });
};

const remove: Effect = (view, args) => {
  const id = String(args.id);
  if (view.get("tasks", id)) removeTasks(view, new Set([id, ...below(view, id).map((task) => task.id)]));
};

const PLAIN = ["title", "description", "status", "priority", "parent_id", "assignee_id", "position"] as const;
const PLACE = ["project_id", "section_id"] as const;
const DUE = ["due_date", "due_at", "due_zone"] as const;

/** What gets a parent goes where that is. */
function placeOf(view: View, task: Task, args: Args): Partial<Task> {
  const parent = task.parent_id ? view.get("tasks", task.parent_id) : undefined;
  return parent && !args.section_id && !args.project_id ? place(parent) : {};
}

const place = ({ project_id, section_id }: Task) => ({ project_id, section_id });
const moved = (before: Task, after: Task) =>
  before.project_id !== after.project_id || before.section_id !== after.section_id;

/** A day takes the place of a moment, and the other way round. */
function due(before: Task, args: Args): Partial<Task> {
  const asked = given<Task>(args, ...DUE);
  if (asked.due_date) return { due_at: null, due_zone: null, ...asked };
  if (asked.due_at) return { due_date: null, due_zone: before.due_zone, ...asked };
  return asked.due_at === null ? { due_zone: null, ...asked } : asked;
}

function labels(before: Task, args: Args): string[] {
  const { label_ids, add_label_ids = [], remove_label_ids = [] } = args as Partial<Record<string, string[]>>;
  if (label_ids) return [...label_ids].sort();
  const after = new Set([...before.label_ids, ...add_label_ids]);
  for (const id of remove_label_ids) after.delete(id);
  return [...after].sort();
}

/** The sub-tasks of a task, at every level. */
function below(view: View, id: string): Task[] {
  const found = new Set<Task>();
  for (const above = [id]; above.length;) {
    const next = [...view.on("tasks", above.pop()!)].filter((task) => !found.has(task));
    for (const task of next) found.add(task);
    above.push(...next.map((task) => task.id));
  }
  return [...found];
}

/** Tasks go with the comments on them. */
export function removeTasks(view: View, ids: ReadonlySet<string>): void {
  for (const id of ids) {
    for (const comment of [...view.on("comments", id)]) view.remove("comments", comment.id);
    view.remove("tasks", id);
  }
}

export const tasks = { create_task: create, update_task: update, delete_task: remove };
