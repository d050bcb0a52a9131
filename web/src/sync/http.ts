import { call } from "../api/client";
import { Refusal, Unreachable } from "../api/refusal";
import type { Answer, Command, Cursors } from "./protocol";
import type { Transport } from "./transport";

const LONG_MS = 60_000; // an answer of a mebibyte over a slow line takes 30 s

type Ask = (method: "post", path: string, request: { body: unknown; signal: AbortSignal }) => Promise<unknown>;

/** Sync by POST. An answer that was cut off, or took too long, is none: the same commands are sent again. */
export const http: Transport = {
  async exchange(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    const body = { cursors, commands };
    const asked = (signal: AbortSignal) => (call as unknown as Ask)("post", "/api/v1/sync", { body, signal });
    try {
      return (await within(LONG_MS, asked)) as Answer;
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable();
    }
  },
};

/** What takes longer is given up: a page has few lines to its server. */
async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const ended = new Promise<never>((_, refuse) =>
    late.signal.addEventListener("abort", () => refuse(new Unreachable())),
  );
  const timer = setTimeout(() => late.abort(), milliseconds);
  try {
    return await Promise.race([work(late.signal), ended]);
  } finally {
    clearTimeout(timer);
  }
}
