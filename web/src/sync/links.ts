import type { Kind, Row } from "./protocol";

/** The field by which a thing hangs on a task: sub-tasks and comments go with it. */
const FIELDS: Partial<Record<Kind, string>> = { tasks: "parent_id", comments: "task_id" };

/** Which rows hang on which task, so that nobody looks through all of them. */
export class Links {
  private readonly ids = new Map<string, Set<string>>();

  of(kind: Kind, task: string): Iterable<string> {
    return this.ids.get(keyOf(kind, task)) ?? [];
  }

  /** A row takes the place of another, or none does. */
  put(kind: Kind, before: Row | undefined, row: Row | undefined): void {
    const [from, to] = [taskOf(kind, before), taskOf(kind, row)];
    if (from === to) return;
    if (from) this.ids.get(keyOf(kind, from))?.delete(before!.id);
    if (!to) return;
    const ids = this.ids.get(keyOf(kind, to));
    if (ids) ids.add(row!.id);
    else this.ids.set(keyOf(kind, to), new Set([row!.id]));
  }

  clear(): void {
    this.ids.clear();
  }
}

const keyOf = (kind: Kind, task: string) => `${kind} ${task}`;

function taskOf(kind: Kind, row: Row | undefined): string | undefined {
  const field = FIELDS[kind];
  const task = field && row && (row as Row & Record<string, unknown>)[field];
  return typeof task === "string" ? task : undefined;
}
