import { newId } from "./ids";
import type { Chance } from "./transport";

/** The real clock and real chance. */
export const real: Chance = {
  now: () => Date.now(),
  random: () => Math.random(),
  id: newId,
  sleep: (milliseconds, until) =>
    new Promise((done) => {
      if (until.aborted) return done();
      const ended = () => (clearTimeout(timer), until.removeEventListener("abort", ended), done());
      const timer = setTimeout(ended, milliseconds);
      until.addEventListener("abort", ended);
    }),
};
