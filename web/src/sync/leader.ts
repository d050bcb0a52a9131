import { alone, type Locks } from "./transport";

/** One of the tabs of an account leads, by a lock that the browser takes from it when it goes; without locks, each. */
export function tabs(account: string, locks: LockManager | undefined = navigator.locks): Locks {
  if (!locks) return alone;
  return { lead: (work, until) => lead(locks, `taskflow-sync:${account}`, work, until) };
}

type Leading = (lost: AbortSignal) => Promise<void>;

async function lead(locks: LockManager, name: string, work: Leading, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const turn = new Turn(work, until);
    try {
      await locks.request(name, { signal: until }, () => turn.run());
      return;
    } catch (error) {
      await turn.end();
      if (turn.failure) throw turn.failure.error;
      if (!until.aborted && !isAbort(error)) throw error;
    }
  }
}

/** From getting the lock to losing it. */
class Turn {
  failure: { error: unknown } | undefined;
  private running: Promise<void> | undefined;
  private readonly lost = new AbortController();

  constructor(
    private readonly work: Leading,
    until: AbortSignal,
  ) {
    until.addEventListener("abort", () => this.lost.abort(), { once: true, signal: this.lost.signal });
  }

  run(): Promise<void> {
    this.running = this.work(this.lost.signal).catch((error: unknown) => {
      this.failure = { error };
      throw error;
    });
    return this.running;
  }

  /** The lock is gone; the work is told, and waited for. */
  async end(): Promise<void> {
    this.lost.abort();
    await this.running?.catch(() => {});
  }
}

const isAbort = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/** What tabs of an account tell each other; not heard by the one that says it. */
export class Talk<Message> {
  private readonly channel: BroadcastChannel;

  constructor(account: string, hear: (message: Message) => void) {
    this.channel = new BroadcastChannel(`taskflow-talk:${account}`);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  }

  say(message: Message): void {
    this.channel.postMessage(message);
  }

  close(): void {
    this.channel.close();
  }
}
