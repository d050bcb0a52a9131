/** What is known of an answer: the last good one, though a newer is being asked for or could not be had. */
export interface Shown<T> {
  readonly value?: T;
  /** Why the last try failed. */
  readonly error?: unknown;
  readonly fetching: boolean;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;
type Ask = (path: string, query: Query) => Promise<unknown>;
type Listener = (shown: Shown<unknown>) => void;

interface Entry {
  readonly path: string;
  readonly query: Query;
  readonly listeners: Set<Listener>;
  shown: Shown<unknown>;
  /** When the shown value was asked for; undefined: it is out of date. */
  asked: number | undefined;
  flight: Promise<void> | undefined;
}

interface Options {
  /** Milliseconds for which an answer is not asked for again. */
  readonly fresh?: number;
  /** How many answers are kept that nobody looks at. */
  readonly most?: number;
  readonly now?: () => number;
}

/** Answers of paths that are not synced: shown at once as they were, asked for again behind, never twice at once. */
export class Fetched {
  private readonly entries = new Map<string, Entry>();
  private readonly fresh: number;
  private readonly most: number;
  private readonly now: () => number;

  constructor(
    private readonly ask: Ask,
    { fresh = 5000, most = 50, now = () => performance.now() }: Options = {},
  ) {
    [this.fresh, this.most, this.now] = [fresh, most, now];
  }

  read<T>(path: string, query: Query = {}): Shown<T> {
    return (this.entries.get(keyOf(path, query))?.shown ?? NOTHING) as Shown<T>;
  }

  /** Calls back at once with what is held, and on every change; asks where that is out of date. Returns how to stop. */
  subscribe<T>(path: string, query: Query, listener: (shown: Shown<T>) => void): () => void {
    const entry = this.entry(path, query);
    const own: Listener = (shown) => listener(shown as Shown<T>);
    entry.listeners.add(own);
    if (this.isOld(entry)) void this.fetch(entry, own);
    own(entry.shown);
    return () => {
      entry.listeners.delete(own);
      this.trim();
    };
  }

  /** Resolves when a newer answer is there, or could not be had: see `error`. */
  refresh(path: string, query: Query = {}): Promise<void> {
    return this.fetch(this.entry(path, query));
  }

  /** What is below this path is out of date: asked for again where somebody looks, else when somebody does. */
  invalidate(below = "/"): void {
    for (const entry of this.entries.values()) {
      if (!entry.path.startsWith(below)) continue;
      entry.asked = undefined;
      if (entry.listeners.size && !entry.flight) void this.fetch(entry);
    }
  }

  /** Somebody else is here. */
  clear(): void {
    for (const { listeners } of this.entries.values()) listeners.clear();
    this.entries.clear();
  }

  private entry(path: string, query: Query): Entry {
    const key = keyOf(path, query);
    const entry = this.entries.get(key) ?? { path, query, ...unasked() };
    this.entries.delete(key); // behind the others: the least lately used stand first
    this.entries.set(key, entry);
    this.trim(entry);
    return entry;
  }

  private trim(but?: Entry): void {
    const idle = [...this.entries].filter(([, entry]) => entry !== but && !entry.listeners.size && !entry.flight);
    for (const [key] of idle.slice(0, Math.max(0, idle.length - this.most))) this.entries.delete(key);
  }

  private isOld({ asked }: Entry): boolean {
    return asked === undefined || this.now() - asked >= this.fresh;
  }

  private fetch(entry: Entry, silent?: Listener): Promise<void> {
    entry.flight ??= this.fly(entry, silent);
    return entry.flight;
  }

  private async fly(entry: Entry, silent?: Listener): Promise<void> {
    const asked = (entry.asked = this.now());
    show(entry, { ...entry.shown, fetching: true }, silent);
    const shown = await this.answered(entry);
    if (shown.error !== undefined) entry.asked = undefined;
    const isOutdated = shown.error === undefined && entry.asked !== asked;
    entry.flight = undefined;
    show(entry, { ...shown, fetching: isOutdated && entry.listeners.size > 0 });
    if (isOutdated && entry.listeners.size) await this.fetch(entry);
    this.trim();
  }

  private async answered({ path, query, shown }: Entry): Promise<Shown<unknown>> {
    try {
      return { value: await this.ask(path, query), fetching: false };
    } catch (error) {
      return { ...("value" in shown && { value: shown.value }), error: error ?? new Error(), fetching: false };
    }
  }
}

const NOTHING: Shown<never> = { fetching: false };
const unasked = () => ({
  listeners: new Set<Listener>(),
  shown: NOTHING,
  asked: undefined,
  flight: undefined,
});

function show(entry: Entry, shown: Shown<unknown>, silent?: Listener): void {
  entry.shown = shown;
  for (const listener of entry.listeners) if (listener !== silent) listener(shown);
}

/** The same for the same question, in whatever order it is put. */
function keyOf(path: string, query: Query): string {
  const asked = Object.entries(query).filter(([, value]) => value != null);
  return JSON.stringify([path, asked.map(([name, value]) => [name, String(value)]).sort()]);
}
