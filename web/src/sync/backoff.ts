import type { Chance } from "./transport";

/** The close code of a socket that asked for too much. */
export const TOO_MUCH = 4429;

const FIRST_MS = 500;
const MOST_MS = 60_000;

/** How long to wait after so many failures, with full jitter; at least half of the longest where it was too much. */
export function backoff(failures: number, { random }: Pick<Chance, "random">, isTooMuch = false): number {
  const jitter = random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(failures - 1, 0));
  return isTooMuch ? MOST_MS / 2 + jitter : jitter;
}
