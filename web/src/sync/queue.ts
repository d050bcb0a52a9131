import type { Args } from "./protocol";
import type { Changes, Queued } from "./store";

const UPGRADE_MS = 60_000; // a newer server is looked for so often
const BYTES_MOST = 900_000; // of a call's mebibyte

/** What was done here and the base does not have yet, in its order. */
export class Queue {
  private readonly byId = new Map<string, Queued>();
  /** Undefined: to be sorted anew, once for many that came. */
  private sorted: Queued[] | undefined = [];
  /** On the screen, but not yet in the store: not sent. */
  private readonly unsaved = new Set<string>();
  /** Commands that the server does not know yet, and since when (milliseconds since 1970). */
  private readonly held = new Map<string, number>();

  load(queue: readonly Queued[]): void {
    const unsaved = this.all().filter((queued) => this.unsaved.has(queued.id));
    this.byId.clear();
    for (const queued of [...queue, ...unsaved]) this.byId.set(queued.id, queued);
    this.sorted = undefined;
  }

  get(id: string): Queued | undefined {
    return this.byId.get(id);
  }

  all(): readonly Queued[] {
    return (this.sorted ??= [...this.byId.values()].sort(compare));
  }

  of(space: string): Queued[] {
    return this.all().filter((queued) => queued.space === space);
  }

  /** The next place: behind all others, also of other tabs, which go by the clock. */
  next(now: number): number {
    return Math.max(now, (this.all().at(-1)?.order ?? 0) + 1);
  }

  show(queued: Queued): void {
    this.unsaved.add(queued.id);
    this.put(queued);
  }

  saved(id: string): void {
    this.unsaved.delete(id);
  }

  isSaved(id: string): boolean {
    return !this.unsaved.has(id);
  }

  absorb({ queue = [], unqueue = [] }: Changes): void {
    for (const queued of queue) this.put(queued);
    if (unqueue.length) this.remove(unqueue);
  }

  private put(queued: Queued): void {
    const last = this.sorted?.at(-1);
    if (queued.accepted !== undefined) this.held.delete(queued.id);
    const isNew = !this.byId.has(queued.id);
    this.byId.set(queued.id, queued);
    if (isNew && last && compare(last, queued) < 0) this.sorted!.push(queued);
    else this.sorted = undefined;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.byId.delete(id);
      this.unsaved.delete(id);
      this.held.delete(id);
    }
    this.sorted = undefined;
  }

  hold(id: string, now: number): void {
    this.held.set(id, now);
  }

  release(): void {
    this.held.clear();
  }

  /** Milliseconds until the first command that is held may be tried again. */
  left(now: number): number | undefined {
    return this.held.size ? Math.min(...[...this.held.values()].map((since) => leftOf(since, now))) : undefined;
  }

  isHeld(id: string): boolean {
    return this.held.has(id);
  }

  waiting(): Queued[] {
    return this.all().filter((queued) => queued.accepted === undefined && this.isSaved(queued.id));
  }

  /** What to send: in order, but for what waits for a newer server, and what builds on that. */
  sendable(most: number, now: number): Queued[] {
    const chosen: Queued[] = [];
    const blocked = new Set<string>();
    let bytes = 0;
    for (const queued of this.waiting()) {
      const isBlocked = this.isEarly(queued, now) || mentions(queued.args, blocked);
      if (isBlocked) block(queued, blocked);
      if (isBlocked) continue;
      bytes += new TextEncoder().encode(JSON.stringify(queued.args)).length + 200;
      if (chosen.length && (chosen.length >= most || bytes > BYTES_MOST)) break;
      chosen.push(queued);
    }
    return chosen;
  }

  /** What a newer server is needed for, and what takes back a command that has no number yet. */
  private isEarly({ id, of = "" }: Queued, now: number): boolean {
    const target = this.byId.get(of);
    return leftOf(this.held.get(id), now) > 0 || (!!target && target.accepted === undefined);
  }

  /** The commands that take this one back. */
  takingBack(id: string): Queued[] {
    return this.all().filter(({ of }) => of === id);
  }
}

/** A clock that was set back does not make it longer. */
const leftOf = (since = -Infinity, now: number) => (since > now ? 0 : Math.max(since + UPGRADE_MS - now, 0));

const compare = (one: Queued, other: Queued) => one.order - other.order || (one.id < other.id ? -1 : 1);

/** The thing of a command that has to wait: what names it waits as well. */
export function block(queued: Queued, blocked: Set<string>): void {
  if (typeof queued.args.id === "string") blocked.add(queued.args.id);
}

/** Whether arguments name one of these things. */
export function mentions(args: Args, ids: ReadonlySet<string>): boolean {
  return (
    ids.size > 0 &&
    Object.values(args)
      .flat()
      .some((value) => typeof value === "string" && ids.has(value))
  );
}
