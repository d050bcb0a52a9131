import { Links } from "./links";
import type { Kind, Kinds, Row } from "./protocol";
import type { Replica } from "./replica";
import type { Touched } from "./touched";

/** A space as it is shown: the base with the commands under way on top. */
export class View {
  private readonly above = new Map<Kind, Map<string, Row | undefined>>();
  private readonly links = new Links();

  constructor(
    readonly space: string,
    private readonly base: Replica,
  ) {}

  get<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    const above = this.above.get(kind);
    return (above?.has(id) ? above.get(id) : this.base.get(this.space, kind, id)) as Kinds[K] | undefined;
  }

  /** The number of the thing that the base holds. */
  numberOf(kind: Kind, id: string): number | undefined {
    return this.base.get(this.space, kind, id)?.seq;
  }

  *all<K extends Kind>(kind: K): Iterable<Kinds[K]> {
    const above = this.above.get(kind);
    for (const row of this.base.all(this.space, kind)) if (!above?.has(row.id)) yield row as unknown as Kinds[K];
    for (const row of above?.values() ?? []) if (row) yield row as Kinds[K];
  }

  /** What hangs on a task. */
  *on<K extends "tasks" | "comments">(kind: K, task: string): Iterable<Kinds[K]> {
    const above = this.above.get(kind);
    for (const id of this.base.on(this.space, kind, task)) if (!above?.has(id)) yield this.get(kind, id)!;
    for (const id of this.links.of(kind, task)) yield this.get(kind, id)!;
  }

  put<K extends Kind>(kind: K, row: Kinds[K]): void {
    this.lay(kind, row.id, row);
  }

  remove(kind: Kind, id: string): void {
    this.lay(kind, id, undefined);
  }

  private lay(kind: Kind, id: string, row: Row | undefined): void {
    let above = this.above.get(kind);
    if (!above) this.above.set(kind, (above = new Map()));
    this.links.put(kind, above.get(id), row);
    above.set(id, row);
  }

  /** Back to the base alone. */
  clear(): void {
    this.above.clear();
    this.links.clear();
  }

  touch(touched: Touched): void {
    for (const [kind, rows] of this.above) for (const id of rows.keys()) touched.add(this.space, kind, id);
  }
}
