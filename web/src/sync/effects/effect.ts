import type { Args } from "../protocol";
import type { View } from "../view";

/** By whom, when and where a command was done, and the key of the place behind all others. */
export interface Stamp {
  readonly account: string;
  readonly when: string;
  readonly space: string;
  readonly last: string;
}

/** What a command will have done, as far as a client can tell; the server's rows take its place. */
export type Effect = (view: View, args: Args, stamp: Stamp) => void;

export const made = ({ account, when, space }: Stamp) => ({
  space_id: space,
  created_by: account,
  created_at: when,
  updated_at: when,
  seq: 0,
});

/** The fields of a thing that the arguments name. */
export function given<T extends object>(args: Args, ...fields: (keyof T & string)[]): Partial<T> {
  const named = fields.filter((field) => args[field] !== undefined).map((field) => [field, args[field]]);
  return Object.fromEntries(named) as Partial<T>;
}

/** When something was archived, after a command that may say so. */
export function archivedAt(before: string | null, args: Args, when: string): string | null {
  if (args.archived === undefined) return before;
  return args.archived ? (before ?? when) : null;
}
