import type { Command, Kind, Reason, Row } from "./protocol";

/** How far a space is held: all up to `at`, which is where the cursor stands. */
export interface SpaceState {
  readonly space: string;
  readonly cursor: string;
  readonly at: number;
  /** False while there is more to fetch: what changed again lately may be shown as it was before. */
  readonly complete: boolean;
}

export interface StoredRow {
  readonly space: string;
  readonly kind: Kind;
  readonly row: Row;
}

/** A command that was done here; it is sent in the order of `order`, then of its id. */
export interface Queued extends Command {
  readonly space: string;
  readonly order: number;
  /** When the person did it, RFC 3339. */
  readonly when: string;
  /** The command that this one takes back; it is sent when that has its number. */
  readonly of?: string;
  /** What it is shown to do, where that does not follow from its arguments. */
  readonly shown?: Shown;
  /** The number that the server gave it; it is shown on top of the base until that has it. */
  readonly accepted?: number;
}

/** Fields of a thing as they will be; without any, the thing will be gone. */
export interface Shown {
  readonly kind: Kind;
  readonly id: string;
  readonly fields?: object;
}

/** A command that the server has said no to, kept until the person has seen why. */
export interface Refused {
  readonly command: Queued;
  readonly problem: Reason;
}

/** One atomic write, in this order; what it does not name stays as it is. */
export interface Changes {
  /** Spaces of which rows and state are dropped. */
  readonly drop?: readonly string[];
  readonly spaces?: readonly SpaceState[];
  /** Rows to put, by space, kind and id. */
  readonly rows?: readonly StoredRow[];
  /** Rows to remove. */
  readonly gone?: readonly { space: string; kind: Kind; id: string }[];
  /** Commands to put, by their id. */
  readonly queue?: readonly Queued[];
  /** The numbers of commands that the server has taken: for other tabs to know, not kept. */
  readonly accepted?: readonly { id: string; seq: number }[];
  /** Ids of commands to take out of the queue. */
  readonly unqueue?: readonly string[];
  /** Refused commands to put, by the command's id. */
  readonly refuse?: readonly Refused[];
  /** Ids of refused commands that the person has seen. */
  readonly dismiss?: readonly string[];
}

export interface Stored {
  readonly spaces: readonly SpaceState[];
  readonly rows: readonly StoredRow[];
  readonly queue: readonly Queued[];
  readonly refused: readonly Refused[];
}

/**
 * What a person did outlives a loss of power. What the server said need not: rows go with their cursor and are fetched
 * again; a command that comes back into the queue with them is answered again, and not run twice.
 */
export type Durability = "strict" | "relaxed";

/** What one account holds on this device. */
export interface Store {
  read(): Promise<Stored>;
  /**
   * All of it or nothing; resolves when it would survive a crash, where `strict` also of the whole machine. What to
   * write is asked for once whatever other tabs have written was told, and nobody else writes before it is there.
   */
  write(plan: () => Changes, durability?: Durability): Promise<void>;
  /** Whatever another tab has written, in its order; returns how to stop. Absent where there is one tab alone. */
  watch?(listener: (changes: Changes) => void): () => void;
}
