import { Refusal } from "../api/refusal";
import { digest, type Overwrote } from "./digest";
import type { Answer, Command, Reason } from "./protocol";
import type { Positions } from "./replica";
import type { State } from "./state";
import type { Changes, Queued, Store } from "./store";
import type { Chance, Transport } from "./transport";

const COMMANDS_MOST = 100;

/** Writes to the store one after the other, and shows what the store has. */
export class Writer {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly state: State,
  ) {}

  /** Nothing else is written meanwhile. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return turn;
  }

  /** Two tabs may write: a plan is made of what both have written by then. */
  async write<P extends Planned>(plan: () => P): Promise<P> {
    let planned: P | undefined;
    await this.store.write(() => (planned = plan()).changes);
    this.state.absorb(planned!.changes, planned!.overwrote);
    return planned!;
  }
}

interface Planned {
  readonly changes: Changes;
  readonly overwrote?: readonly Overwrote[];
}

/** One call of sync: what is sent, and what the answer changes. */
export class Caller {
  private most = COMMANDS_MOST;

  constructor(
    private readonly transport: Transport,
    private readonly state: State,
    private readonly writer: Writer,
    private readonly chance: Chance,
  ) {}

  /** True: there is more to send or to fetch at once. Throws Refusal, Unreachable, or what the store throws. */
  async call(): Promise<boolean> {
    const { replica, queue } = this.state;
    const asked = replica.positions();
    const sent = queue.sendable(this.most, this.chance.now());
    const answer = await this.exchange(sent);
    if (!answer) return true;
    this.most = Math.min(COMMANDS_MOST, this.most * 2);
    await this.receive(answer, asked);
    const hasMore = Object.values(answer.spaces).some((page) => "more" in page && page.more);
    return hasMore || queue.sendable(1, this.chance.now()).some((next) => !sent.includes(next));
  }

  /** Without an answer where a command spoils the whole call: it is looked for by halves. */
  private async exchange(sent: readonly Queued[]): Promise<Answer | undefined> {
    try {
      return await this.transport.exchange(this.state.replica.cursors(), sent.map(bare));
    } catch (error) {
      if (!isSpoilt(error) || !sent.length) throw error;
      if (sent.length > 1) this.most = Math.ceil(sent.length / 2);
      else await this.refuse(sent[0]!, error.problem as Reason);
      return undefined;
    }
  }

  private refuse(command: Queued, problem: Reason): Promise<void> {
    const changes = { unqueue: [command.id], refuse: [{ command, problem }] };
    return this.writer.turn(async () => void (await this.writer.write(() => ({ changes }))));
  }

  /** Take an answer, or a part of one, that was asked for from these positions. */
  receive(answer: Partial<Answer>, asked: Positions): Promise<void> {
    return this.writer.turn(async () => {
      const { replica, queue } = this.state;
      const plan = () => digest(answer, asked, { replica, queue, id: this.chance.id });
      const { held } = await this.writer.write(plan);
      for (const id of held) queue.hold(id, this.chance.now());
    });
  }
}

const SPOILT = new Set([400, 422]);

/** The server says that the call does not fit, or something on the way that it is too large. */
function isSpoilt(error: unknown): error is Refusal {
  if (!(error instanceof Refusal)) return false;
  return error.status === 413 || (SPOILT.has(error.status) && error.problem.code !== undefined);
}

/** A command as it is sent; its space is always named. */
function bare({ id, type, v, args, base, space }: Queued): Command {
  return { id, type, v, args: { ...args, space_id: space }, ...(base !== undefined && { base }) };
}
