import type * as api from "../api/schema";

/** What a space holds, by the list of the answer that it comes in. */
export interface Kinds {
  tasks: api.Task;
  projects: api.Project;
  sections: api.Section;
  labels: api.Label;
  comments: api.Comment;
  members: api.Member;
  space: api.Space;
}
export type Kind = keyof Kinds;
export const KINDS: readonly Kind[] = ["space", "members", "projects", "sections", "labels", "tasks", "comments"];

/** A thing of any kind, as far as sync itself has to know it. */
export type Row = Readonly<Pick<api.Task, "id" | "seq">>;

export type Tombstone = Readonly<Required<api.Tombstone>>;

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
export type Overwritten = Readonly<api.Overwritten>;

type Told = Readonly<api.Result>;
export type Accepted = Pick<Told, "id" | "overwrote" | "kept"> & Required<Pick<Told, "seq">> & { readonly ok: true };

/** `moved` names the space that the thing is in now. */
export type Reason = api.Problem & { readonly space_id?: string };
export type RefusedResult = Pick<Told, "id"> & { readonly ok: false; readonly problem: Reason };
export type Result = Accepted | RefusedResult;

type Lists = Partial<Record<Exclude<Kind, "space">, readonly (Row | Tombstone)[]>>;
/** What changed in a space: complete up to its largest number where there is `more`, else up to `seq`. */
export type Page = Required<Readonly<Pick<api.SpacePage, "cursor" | "seq" | "more" | "resync">>> &
  Readonly<Pick<api.SpacePage, "space">> &
  Lists;

export type Gone = Readonly<Required<api.Gone>>;

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
