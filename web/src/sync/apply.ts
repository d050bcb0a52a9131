import { comments } from "./effects/comments";
import type { Effect } from "./effects/effect";
import { labels } from "./effects/labels";
import { projects } from "./effects/projects";
import { tasks } from "./effects/tasks";
import type { Kind, Kinds } from "./protocol";
import type { Queued, Shown } from "./store";
import type { View } from "./view";

const EFFECTS: Readonly<Record<string, Effect>> = { ...tasks, ...projects, ...labels, ...comments };

/** Show what a command will have done; what only the server can tell is shown when it has told. */
export function apply(view: View, { type, args, space, when, order, shown }: Queued, account: string): void {
  if (shown) lay(view, shown);
  else if (Object.hasOwn(EFFECTS, type)) EFFECTS[type]!(view, args, { account, when, space, last: last(when, order) });
}

function lay(view: View, { kind, id, fields }: Shown): void {
  if (!fields) return view.remove(kind, id);
  const seq = view.numberOf(kind, id); // by now it may be another, or of another space
  const row = { ...view.get(kind, id), ...fields, ...(seq !== undefined && { seq }) } as Kinds[Kind];
  if (row.seq !== undefined) view.put(kind, row); // some fields alone are no thing
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PLACE_DIGITS = 9; // of microseconds, and one more digit, for a key must not end in 0: as the server's, but for chance

/** The key behind all that were made before. */
function last(when: string, order: number): string {
  let key = "1";
  let microseconds = Date.parse(when) * 1000 + (order % 1000);
  for (let digit = 0; digit < PLACE_DIGITS; digit++) {
    key = DIGITS[microseconds % DIGITS.length] + key;
    microseconds = Math.floor(microseconds / DIGITS.length);
  }
  return key;
}
