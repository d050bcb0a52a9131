import type { Comment, Label, Member, Problem, Project, Section, Space, Task } from "../api/schema";

/** What a space holds, by the list of the answer that it comes in. */
export interface Kinds {
  tasks: Task;
  projects: Project;
  sections: Section;
  labels: Label;
  comments: Comment;
  members: Member;
  space: Space;
}
export type Kind = keyof Kinds;
export const KINDS: readonly Kind[] = ["space", "members", "projects", "sections", "labels", "tasks", "comments"];

/** A thing of any kind, as far as sync itself has to know it. */
export interface Row {
  readonly id: string;
  readonly seq: number;
}

export interface Tombstone extends Row {
  readonly deleted: true;
}

export type Args = Readonly<Record<string, unknown>>;

export interface Command {
  readonly id: string;
  readonly type: string;
  readonly v: number;
  readonly args: Args;
  /** The number of the thing that was on the screen when the person acted. */
  readonly base?: number;
}

/** What somebody else wrote in a field meanwhile, and this command has replaced. */
export interface Overwritten {
  readonly field: string;
  readonly value: unknown;
  readonly by: string;
  readonly seq: number;
}

export interface Accepted {
  readonly id: string;
  readonly ok: true;
  readonly seq: number;
  readonly overwrote?: readonly Overwritten[];
  readonly kept?: readonly string[];
}

/** `moved` names the space that the thing is in now. */
export type Reason = Problem & { readonly space_id?: string };

export interface RefusedResult {
  readonly id: string;
  readonly ok: false;
  readonly problem: Reason;
}

export type Result = Accepted | RefusedResult;

/** What changed in a space: complete up to its largest number where there is `more`, else up to `seq`. */
export interface Page extends Partial<Record<Exclude<Kind, "space">, readonly (Row | Tombstone)[]>> {
  readonly cursor: string;
  readonly seq: number;
  readonly more: boolean;
  readonly resync: boolean;
  readonly space?: Space;
}

export interface Gone {
  readonly gone: true;
}

export type Pages = Readonly<Record<string, Page | Gone>>;
export type Cursors = Readonly<Record<string, string>>;

export interface Answer {
  readonly results: readonly Result[];
  readonly spaces: Pages;
}

/** The rows of a page with their kinds, in any order. */
export function rowsOf(page: Page): [Kind, Row | Tombstone][] {
  return KINDS.flatMap((kind) => {
    const listed = kind === "space" ? [page.space ?? []].flat() : (page[kind] ?? []);
    return listed.map((row): [Kind, Row | Tombstone] => [kind, row]);
  });
}

export const isDeleted = (row: Row | Tombstone): row is Tombstone => "deleted" in row;
