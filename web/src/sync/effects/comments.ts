import type { Comment } from "../../api/schema";
import { given, type Effect } from "./effect";

const create: Effect = (view, args, { account, space, when }) => {
  const id = String(args.id);
  const said = { id, space_id: space, task_id: String(args.task_id), author_id: account, body: "", mention_ids: [] };
  const times = { created_at: when, updated_at: when, seq: 0 };
  if (view.get("comments", id)) return;
  view.put("comments", { ...said, ...times, ...given<Comment>(args, "body", "mention_ids") });
};

const update: Effect = (view, args, { when }) => {
  const before = view.get("comments", String(args.id));
  if (!before) return;
  view.put("comments", { ...before, ...given<Comment>(args, "body", "mention_ids"), updated_at: when });
};

const remove: Effect = (view, args) => view.remove("comments", String(args.id));

export const comments = { create_comment: create, update_comment: update, delete_comment: remove };
