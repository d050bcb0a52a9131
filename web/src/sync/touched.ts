import type { Kind } from "./protocol";

/** Which things look different now: ids by kind by space. */
export class Touched {
  readonly spaces = new Map<string, Map<Kind, Set<string>>>();

  add(space: string, kind: Kind, id: string): void {
    let kinds = this.spaces.get(space);
    if (!kinds) this.spaces.set(space, (kinds = new Map()));
    let ids = kinds.get(kind);
    if (!ids) kinds.set(kind, (ids = new Set()));
    ids.add(id);
  }

  has(space: string, kind: Kind): boolean {
    return this.spaces.get(space)?.has(kind) ?? false;
  }
}
