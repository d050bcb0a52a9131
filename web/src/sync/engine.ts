import { Caller, Writer } from "./caller";
import { real } from "./chance";
import type { ArgsOf } from "./forms";
import { type Doing, Loop } from "./loop";
import type { Answer, Args, Cursors, Kind, Kinds } from "./protocol";
import type { Positions } from "./replica";
import { type Listener, State } from "./state";
import type { Queued, Refused, Shown, Store } from "./store";
import { alone, type Chance, type Locks, type Transport } from "./transport";

export interface Options {
  readonly store: Store;
  readonly transport: Transport;
  /** Who it is, and the space of their own. */
  readonly account: { readonly id: string; readonly space: string };
  readonly locks?: Locks;
  readonly chance?: Chance;
}

export interface Where {
  readonly space?: string;
  /** The number of the thing that was on the screen. */
  readonly base?: number;
}

/** Where a command is done, what it takes back, and what it is shown to do. */
type Placed = { [K in keyof Where]: Where[K] | undefined } & Partial<Pick<Queued, "of" | "shown">>;

export interface Status {
  readonly state: Doing;
  /** Commands that the server has not answered yet, also those that are being saved here. */
  readonly waiting: number;
  /** Of these, what a newer server is needed for. */
  readonly upgrade: number;
}

/** Keeps the spaces of one account here, shows every change at once, and makes them the same as the server's. */
export class Engine {
  private readonly state: State;
  private readonly writer: Writer;
  private readonly caller: Caller;
  private readonly loop: Loop;
  private readonly chance: Chance;
  private readonly ended = new AbortController();

  constructor(private readonly options: Options) {
    this.chance = options.chance ?? real;
    this.state = new State(options.account.id);
    this.writer = new Writer(options.store, this.state);
    this.caller = new Caller(options.transport, this.state, this.writer, this.chance);
    this.loop = new Loop(this.caller, this.state, this.chance);
  }

  /** Show what the store has; resolves when that is shown. */
  async open(): Promise<void> {
    const unwatch = this.options.store.watch?.((changes) => {
      this.state.absorb(changes);
      this.loop.ring();
    });
    if (unwatch) this.ended.signal.addEventListener("abort", unwatch);
    await this.load();
  }

  /** What other tabs wrote while this one did not listen is read, too. */
  private load(): Promise<void> {
    return this.writer.turn(async () => this.state.load(await this.options.store.read()));
  }

  /** Keep in step with the server until stopped, while this tab is the one that does it. */
  async start(lead: (lost: AbortSignal) => void = () => {}): Promise<void> {
    await this.open();
    const work = async (lost: AbortSignal) => {
      await this.load().catch(() => {}); // what is missing is told with the next write
      lead(lost);
      await this.loop.run(lost);
    };
    void (this.options.locks ?? alone).lead(work, this.ended.signal);
  }

  /** Resolves when what was done until now is saved, or could not be. */
  stop(): Promise<void> {
    this.ended.abort();
    return this.writer.turn(async () => {});
  }

  /** One call, or the one that is under way; true where there is more. */
  ask(): Promise<boolean> {
    return this.loop.ask();
  }

  /** Ask until there is no more. */
  async sync(): Promise<void> {
    while (await this.ask());
  }

  /** The network is back, somebody has signed in, or a newer server may be there. */
  wake(): void {
    this.loop.wake();
  }

  /** Whether changes come by themselves. */
  live(isLive: boolean): void {
    this.loop.live(isLive);
  }

  /** What a socket has brought, from where it was asked. */
  receive(answer: Partial<Answer>, asked: Positions): Promise<void> {
    return this.caller.receive(answer, asked);
  }

  cursors(): Cursors {
    return this.state.replica.cursors();
  }

  positions(): Positions {
    return this.state.replica.positions();
  }

  /** Do something: shown at once; resolves with the command's id when it would survive a crash. */
  do<T extends string>(type: T, args: ArgsOf<T>, where: Where = {}): Promise<string> {
    return this.put(type, args as Args, where);
  }

  /**
   * Take back what a command did, which the server may not have answered yet; `shown`: the thing as it was. Throws where
   * nothing is known of the command.
   */
  async undo(of: string, shown: Shown, { space }: Pick<Where, "space"> = {}): Promise<string> {
    const target = this.state.queue.get(of);
    const seq = target?.accepted ?? this.state.numbers.get(of);
    if (!target && seq === undefined) throw new Error(`nothing is known of command ${of}`);
    const args = { kind: shown.kind.replace(/s$/u, ""), id: shown.id, ...(seq !== undefined && { seq }) };
    return this.put("undo", args, { space: target?.space ?? space, shown, ...(seq === undefined && { of }) });
  }

  private async put(type: string, args: Args, { space, base, of, shown }: Placed): Promise<string> {
    const [id, now] = [this.chance.id(), this.chance.now()];
    const named: Args = { ...(type.startsWith("create_") && { id: this.chance.id() }), ...args };
    const order = this.state.queue.next(now);
    const when = new Date(now).toISOString();
    const placed = { id, type, v: 1, args: named, space: space ?? this.options.account.space, order, when };
    const queued: Queued = { ...placed, ...defined({ base, of, shown }) };
    this.state.show(queued);
    await this.writer.turn(() => this.save(id));
    this.loop.ring();
    return id;
  }

  /** As it is by now: what it takes back may have got its number, or been refused. */
  private async save(id: string): Promise<void> {
    const queued = this.state.queue.get(id);
    if (!queued) return;
    try {
      await this.options.store.write(() => ({ queue: [this.state.queue.get(id) ?? []].flat() }), "strict");
      this.state.queue.saved(id);
    } catch (error) {
      this.state.unshow(queued);
      throw error;
    }
  }

  get<K extends Kind>(kind: K, id: string, space = this.options.account.space): Kinds[K] | undefined {
    return this.state.view(space).get(kind, id);
  }

  all<K extends Kind>(kind: K, space = this.options.account.space): Kinds[K][] {
    return [...this.state.view(space).all(kind)];
  }

  spaces(): string[] {
    return this.state.replica.names();
  }

  /** Whether all of a space is here, as it was at the last page. */
  isWhole(space = this.options.account.space): boolean {
    return this.state.replica.state(space)?.complete ?? false;
  }

  subscribe(listener: Listener): () => void {
    return this.state.subscribe(listener);
  }

  status(): Status {
    const waiting = this.state.queue.all().filter(({ accepted }) => accepted === undefined);
    const upgrade = waiting.filter(({ id }) => this.state.queue.isHeld(id)).length;
    return { state: this.loop.doing, waiting: waiting.length, upgrade };
  }

  /** What is safe here, and the server has not answered yet. */
  waiting(): readonly Queued[] {
    return this.state.queue.waiting();
  }

  refused(): Refused[] {
    return [...this.state.refused.values()];
  }

  /** The person has seen why. */
  dismiss(id: string): Promise<void> {
    return this.writer.turn(async () => void (await this.writer.write(() => ({ changes: { dismiss: [id] } }))));
  }
}

const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Queued>;

export const createEngine = (options: Options): Engine => new Engine(options);
