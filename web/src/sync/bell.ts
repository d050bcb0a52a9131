import type { Chance } from "./transport";

/** What may end a wait: a change that was made here; a network that is back; only the end of the engine. */
export const CHANGE = 1;
export const BACK = 2;
export const STOP = 3;
type Urgency = typeof CHANGE | typeof BACK | typeof STOP;

/** A sleep that can be ended early; what rang since the last answer ends it at once. */
export class Bell {
  private rung = 0;
  private least = 0;
  private end = new AbortController();

  constructor(private readonly chance: Pick<Chance, "sleep">) {}

  ring(urgency: Urgency): void {
    this.rung = Math.max(this.rung, urgency);
    if (this.rung >= this.least) this.end.abort();
  }

  /** What was rung until now is being done. */
  answer(): void {
    this.rung = 0;
  }

  async wait(milliseconds: number, least: Urgency): Promise<void> {
    if (this.rung >= least) return;
    this.end = new AbortController();
    this.least = least;
    await this.chance.sleep(milliseconds, this.end.signal);
  }
}
