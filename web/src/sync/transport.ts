import type { Answer, Command, Cursors } from "./protocol";

/** How the engine reaches the server. Throws Refusal for an answer that says no to the whole call, else Unreachable. */
export interface Transport {
  exchange(cursors: Cursors, commands: readonly Command[]): Promise<Answer>;
}

/**
 * One tab sends and receives for all of them. `lead` runs the work once this tab is the one, until the tab goes or
 * `until` is aborted; the work is given a signal that is aborted when somebody else has taken over.
 */
export interface Locks {
  lead(work: (lost: AbortSignal) => Promise<void>, until: AbortSignal): Promise<void>;
}

/** This tab is the only one. */
export const alone: Locks = { lead: (work, until) => work(until) };

/** Time and chance, given, so that a test can repeat them. */
export interface Chance {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Ends early, without an error, when aborted. */
  sleep(milliseconds: number, until: AbortSignal): Promise<void>;
  id(): string;
}
