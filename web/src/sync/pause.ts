import { Refusal } from "../api/refusal";
import { backoff } from "./backoff";
import type { Chance } from "./transport";

/** How long to wait after a call that failed; where the server itself has said when, no less than that. */
export function pauseAfter(failures: number, error: unknown, chance: Pick<Chance, "random">): number {
  return (askedToWait(error) ? (error.after ?? 0) * 1000 : 0) + backoff(failures, chance);
}

export const askedToWait = (error: unknown): error is Refusal => error instanceof Refusal && error.after !== undefined;
