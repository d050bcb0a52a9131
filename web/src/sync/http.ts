import { call } from "../api/client";
import { Refusal, Unreachable } from "../api/refusal";
import type { Answer, Command, Cursors } from "./protocol";
import type { Transport } from "./transport";

const LONG_MS = 60_000; // an answer of a mebibyte over a slow line takes 30 s

type Ask = (method: "post", path: string, request: { body: unknown }) => Promise<unknown>;

/** Sync by POST. An answer that was cut off, or took too long, is none: the same commands are sent again. */
export const http: Transport = {
  async exchange(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    const asked = (call as unknown as Ask)("post", "/api/v1/sync", { body: { cursors, commands } });
    try {
      return (await within(LONG_MS, asked)) as Answer;
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable();
    }
  },
};

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Unreachable()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
