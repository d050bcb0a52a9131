import { Refusal } from "../api/refusal";
import { BACK, Bell, CHANGE, STOP } from "./bell";
import type { Caller } from "./caller";
import { askedToWait, pauseAfter } from "./pause";
import type { State } from "./state";
import type { Chance } from "./transport";

const POLL_MS = 60_000;
const LIVE_POLL_MS = 600_000; // what the socket brings needs no asking
const SIGNED_OUT_MS = 3_600_000;

/** Waits for news, asks, could not reach the server, or has nobody signed in. */
export type Doing = "idle" | "asking" | "unreachable" | "signed_out";

/** Asks whenever something was done here, now and then, and after a failure later and later. */
export class Loop {
  doing: Doing = "idle";
  private failures = 0;
  private poll = POLL_MS;
  private asking: Promise<boolean> | undefined;
  private readonly bell: Bell;

  constructor(
    private readonly caller: Caller,
    private readonly state: State,
    private readonly chance: Chance,
  ) {
    this.bell = new Bell(chance);
  }

  ring(): void {
    this.bell.ring(CHANGE);
  }

  /** The network is back, somebody has signed in, or a newer server may be there. */
  wake(): void {
    this.state.queue.release();
    this.bell.ring(BACK);
  }

  live(isLive: boolean): void {
    this.poll = isLive ? LIVE_POLL_MS : POLL_MS;
  }

  async run(lost: AbortSignal): Promise<void> {
    lost.addEventListener("abort", () => this.bell.ring(STOP), { once: true });
    while (!lost.aborted) await this.step();
  }

  private async step(): Promise<void> {
    this.bell.answer();
    try {
      if (await this.ask()) return;
      await this.bell.wait(this.pause(), CHANGE);
    } catch (error) {
      if (isSignedOut(error)) return this.bell.wait(SIGNED_OUT_MS, BACK);
      await this.bell.wait(pauseAfter(this.failures, error, this.chance), askedToWait(error) ? STOP : BACK);
    }
  }

  private pause(): number {
    const left = this.state.queue.left(this.chance.now());
    return left === undefined ? this.poll : Math.min(this.poll, Math.max(left, 1000));
  }

  /** One call, or the one that is under way; true where there is more. */
  ask(): Promise<boolean> {
    this.asking ??= this.once().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async once(): Promise<boolean> {
    this.become("asking");
    try {
      const hasMore = await this.caller.call();
      this.failures = 0;
      this.become("idle");
      return hasMore;
    } catch (error) {
      this.failures++;
      this.become(isSignedOut(error) ? "signed_out" : "unreachable");
      throw error;
    }
  }

  private become(doing: Doing): void {
    if (doing === this.doing) return;
    this.doing = doing;
    this.state.tell();
  }
}

const isSignedOut = (error: unknown) => error instanceof Refusal && error.status === 401;
