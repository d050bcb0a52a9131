import type { Problem } from "./schema";

/** An answer that says no (RFC 9457). `after`: seconds until it is worth asking again. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    readonly after?: number,
  ) {
    super(problem.detail ?? `The server answered ${status}.`);
  }

  /** What is wrong with one member of the body, by its name. */
  at(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.pointer === `/${name}`)?.detail;
  }
}

/** No answer: offline, or the server is away. */
export class Unreachable extends Error {}

/** One sentence on what went wrong, one on what to do. */
export function sentence(error: unknown): string {
  if (error instanceof Unreachable) {
    return navigator.onLine
      ? "The server does not answer. Try again in a moment."
      : "You are offline. Try again when you are connected.";
  }
  if (!(error instanceof Refusal)) return "Something went wrong here. Load the page again.";
  if (error.status === 429) return `Too many requests. Try again ${wait(error.after)}.`;
  if (error.status >= 500) return "The server has a problem. Try again in a moment.";
  const [first] = error.problem.errors ?? [];
  return stop(first?.detail ?? error.message);
}

function wait(seconds = 60): string {
  if (seconds < 90) return seconds === 1 ? "in a second" : `in ${seconds} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}

const stop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
