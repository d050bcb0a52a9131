import type { Fault, Problem } from "./schema";

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
    const fault = this.problem.errors?.find(({ pointer }) => pointer === `/${name}`);
    return fault && inWords(fault);
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
  return first ? inWords(first) : stop(error.message);
}

/** One member that does not fit, in a sentence. */
export const inWords = ({ pointer, detail }: Fault): string => stop(`The ${pointer.split("/").at(-1)} ${detail}`);

function wait(seconds = 60): string {
  if (seconds < 90) return seconds === 1 ? "in a second" : `in ${seconds} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}

const stop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
