import type { Label } from "../../api/schema";
import { given, made, type Effect } from "./effect";

const create: Effect = (view, args, stamp) => {
  const id = String(args.id);
  const plain = { name: "", color: "stone", position: stamp.last } as const;
  const label: Label = { id, ...plain, ...made(stamp), ...given<Label>(args, "name", "color", "position") };
  if (!view.get("labels", id)) view.put("labels", label);
};

const update: Effect = (view, args, { when }) => {
  const before = view.get("labels", String(args.id));
  if (!before) return;
  view.put("labels", { ...before, ...given<Label>(args, "name", "color", "position"), updated_at: when });
};

/** Tasks do not carry it any more. */
const remove: Effect = (view, args) => {
  const id = String(args.id);
  if (!view.get("labels", id)) return;
  for (const task of [...view.all("tasks")].filter((task) => task.label_ids.includes(id))) {
    view.put("tasks", { ...task, label_ids: task.label_ids.filter((label) => label !== id) });
  }
  view.remove("labels", id);
};

export const labels = { create_label: create, update_label: update, delete_label: remove };
