import { Links } from "./links";
import { isDeleted, type Cursors, type Kind, type Page, type Pages, type Row, rowsOf } from "./protocol";
import type { Changes, SpaceState, Stored, StoredRow } from "./store";
import type { Touched } from "./touched";

/** Where a space stood when it was asked about; `era` is another after each resync. */
export interface Position {
  readonly at: number;
  readonly era: number;
}
export type Positions = ReadonlyMap<string, Position>;

class Held {
  state: SpaceState | undefined;
  readonly kinds = new Map<Kind, Map<string, Row>>();
  readonly links = new Links();

  put(kind: Kind, row: Row): void {
    const rows = this.of(kind);
    this.links.put(kind, rows.get(row.id), row);
    rows.set(row.id, row);
  }

  delete(kind: Kind, id: string): boolean {
    const rows = this.of(kind);
    this.links.put(kind, rows.get(id), undefined);
    return rows.delete(id);
  }

  private of(kind: Kind): Map<string, Row> {
    let rows = this.kinds.get(kind);
    if (!rows) this.kinds.set(kind, (rows = new Map()));
    return rows;
  }
}

const NOTHING: Position = { at: 0, era: 0 };

/** What the server has confirmed, by space: the base on which commands under way are shown. */
export class Replica {
  private readonly spaces = new Map<string, Held>();
  private readonly eras = new Map<string, number>();

  load(stored: Stored, touched: Touched): void {
    for (const space of this.spaces.keys()) this.touch(space, touched);
    this.spaces.clear();
    for (const state of stored.spaces) this.held(state.space).state = state;
    for (const { space, kind, row } of stored.rows) this.held(space).put(kind, row);
    for (const space of this.spaces.keys()) this.touch(space, touched);
  }

  get(space: string, kind: Kind, id: string): Row | undefined {
    return this.spaces.get(space)?.kinds.get(kind)?.get(id);
  }

  all(space: string, kind: Kind): Iterable<Row> {
    return this.spaces.get(space)?.kinds.get(kind)?.values() ?? [];
  }

  /** The ids of what hangs on a task. */
  on(space: string, kind: Kind, task: string): Iterable<string> {
    return this.spaces.get(space)?.links.of(kind, task) ?? [];
  }

  state(space: string): SpaceState | undefined {
    return this.spaces.get(space)?.state;
  }

  names(): string[] {
    return [...this.spaces.values()].flatMap(({ state }) => state?.space ?? []);
  }

  cursors(): Cursors {
    return Object.fromEntries(this.names().map((space) => [space, this.state(space)!.cursor]));
  }

  positions(): Positions {
    return new Map(this.names().map((space) => [space, this.position(space)]));
  }

  private position(space: string): Position {
    return { at: this.state(space)?.at ?? 0, era: this.eras.get(space) ?? 0 };
  }

  /**
   * What pages change, which were asked for at these positions. One that ends below what is held by now, begins above
   * it, or was asked for before a resync, says nothing.
   */
  plan(pages: Pages, asked: Positions): Changes {
    const changes = { drop: [] as string[], spaces: [] as SpaceState[], rows: [] as StoredRow[], gone: [] as Gone[] };
    for (const [space, page] of Object.entries(pages)) {
      const from = asked.get(space) ?? { ...NOTHING, era: this.position(space).era };
      if (from.era !== this.position(space).era) continue;
      if ("gone" in page) changes.drop.push(space);
      else this.planPage(space, page, from, changes);
    }
    return changes;
  }

  private planPage(space: string, page: Page, from: Position, changes: Planned): void {
    const rows = rowsOf(page);
    const held = this.state(space);
    const at = page.resync ? 0 : (held?.at ?? 0);
    const end = page.more
      ? rows.reduce((most, [, row]) => Math.max(most, row.seq), page.resync ? 0 : from.at)
      : page.seq;
    if (!page.resync && (end < at || from.at > at)) return;
    if (page.resync) changes.drop.push(space);
    const complete = !page.more || (end === at && !!held?.complete && !page.resync);
    changes.spaces.push({ space, cursor: page.cursor, at: end, complete });
    for (const [kind, row] of rows) {
      if (row.seq <= at) continue;
      if (isDeleted(row)) changes.gone.push({ space, kind, id: row.id });
      else changes.rows.push({ space, kind, row });
    }
  }

  /** Make changes that the store has. */
  absorb(changes: Changes, touched: Touched): void {
    for (const space of changes.drop ?? []) this.drop(space, touched);
    for (const state of changes.spaces ?? []) this.held(state.space).state = state;
    for (const { space, kind, row } of changes.rows ?? []) {
      this.held(space).put(kind, row);
      touched.add(space, kind, row.id);
    }
    for (const { space, kind, id } of changes.gone ?? []) {
      if (this.held(space).delete(kind, id)) touched.add(space, kind, id);
    }
  }

  private drop(space: string, touched: Touched): void {
    this.eras.set(space, (this.eras.get(space) ?? 0) + 1);
    this.touch(space, touched);
    this.spaces.delete(space);
  }

  private touch(space: string, touched: Touched): void {
    for (const [kind, rows] of this.spaces.get(space)?.kinds ?? []) {
      for (const id of rows.keys()) touched.add(space, kind, id);
    }
  }

  private held(space: string): Held {
    let held = this.spaces.get(space);
    if (!held) this.spaces.set(space, (held = new Held()));
    return held;
  }
}

type Gone = { space: string; kind: Kind; id: string };
interface Planned {
  drop: string[];
  spaces: SpaceState[];
  rows: StoredRow[];
  gone: Gone[];
}
