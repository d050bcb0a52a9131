import type { Changes, Queued, Refused, SpaceState, Store, Stored, StoredRow } from "./store";

/** What a memory store holds; it outlives the engine that wrote it. */
export class Contents {
  readonly spaces = new Map<string, SpaceState>();
  readonly rows = new Map<string, StoredRow>();
  readonly queue = new Map<string, Queued>();
  readonly refused = new Map<string, Refused>();
}

/** A store that forgets with the page. `around` is told before and after each write, and kills by throwing. */
export function memoryStore(contents = new Contents(), around: (moment: "before" | "after") => void = () => {}): Store {
  return {
    async read(): Promise<Stored> {
      const { spaces, rows, queue, refused } = contents;
      return {
        spaces: [...spaces.values()],
        rows: [...rows.values()],
        queue: [...queue.values()],
        refused: [...refused.values()],
      };
    },
    async write(plan: () => Changes): Promise<void> {
      around("before");
      put(contents, plan());
      around("after");
    },
  };
}

function put({ spaces, rows, queue, refused }: Contents, changes: Changes): void {
  for (const space of changes.drop ?? []) {
    spaces.delete(space);
    for (const [key, stored] of rows) if (stored.space === space) rows.delete(key);
  }
  for (const state of changes.spaces ?? []) spaces.set(state.space, state);
  for (const stored of changes.rows ?? []) rows.set(keyOf(stored.space, stored.kind, stored.row.id), stored);
  for (const { space, kind, id } of changes.gone ?? []) rows.delete(keyOf(space, kind, id));
  for (const queued of changes.queue ?? []) queue.set(queued.id, queued);
  for (const id of changes.unqueue ?? []) queue.delete(id);
  for (const one of changes.refuse ?? []) refused.set(one.command.id, one);
  for (const id of changes.dismiss ?? []) refused.delete(id);
}

const keyOf = (space: string, kind: string, id: string) => `${space} ${kind} ${id}`;
