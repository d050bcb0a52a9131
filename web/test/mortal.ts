import { Unreachable } from "../src/api/refusal";
import { createEngine, type Engine } from "../src/sync/engine";
import { Contents, memoryStore } from "../src/sync/memory";
import type { Args } from "../src/sync/protocol";
import type { Shown } from "../src/sync/store";
import type { Dice } from "./chance";
import type { Line } from "./line";
import { Radio } from "./radio";
import type { Tally } from "./tally";

export class Killed extends Error {}

/** Something that was done and is safe: it may not be lost. */
export interface Done {
  readonly id: string;
  readonly type: string;
  readonly args: Args;
  readonly space: string;
  /** What it was done to, as that was before. */
  readonly before: Shown | undefined;
  /** What it takes back. */
  readonly of?: Done;
}

/** Where a device can listen, and as whom. */
export interface Station {
  readonly url: string;
  readonly token: string;
}

/** A device that is killed between any two writes to its store, and started anew from that. */
export class Device {
  engine!: Engine;
  readonly done: Done[] = [];
  calm = false;
  isDead = false;
  private radio: Radio | undefined;
  private readonly contents = new Contents();
  private readonly tally: Tally;

  constructor(
    readonly account: string,
    readonly line: Line,
    private readonly dice: Dice,
    private readonly station: Station,
  ) {
    this.tally = line.ledger.tally;
    line.positions = () => this.engine.positions();
  }

  async start(): Promise<void> {
    await this.deafen();
    [this.line.late, this.isDead] = [[], false];
    if (!this.calm && this.dice.roll(0.1)) this.spoil();
    this.engine = this.over(memoryStore(this.contents, () => this.die()));
    await this.engine.open();
    this.engine.subscribe(({ overwrote }) => this.tally.count("overwrote", overwrote.length));
  }

  /** A cursor that the server does not know makes it begin anew. */
  private spoil(): void {
    const state = this.dice.pick([...this.contents.spaces.values()]);
    if (!state) return;
    this.contents.spaces.set(state.space, { ...state, cursor: "of another server" });
    this.tally.count("spoilt cursor");
  }

  /** Once killed, it writes nothing more. */
  private die(): void {
    if (!this.isDead && !this.calm && this.dice.roll(0.02)) this.isDead = true;
    if (this.isDead) throw new Killed();
  }

  private over(store: ReturnType<typeof memoryStore>): Engine {
    const account = { id: this.account, space: this.account };
    return createEngine({ store, transport: this.line, account, chance: this.dice });
  }

  /** Some of the time the server tells it what is new. */
  async tune(): Promise<void> {
    if (this.radio) return this.deafen();
    const { url, token } = this.station;
    this.radio = new Radio(this.engine, token, url, this.dice, this.tally);
  }

  async deafen(): Promise<void> {
    await this.radio?.stop();
    this.radio = undefined;
  }

  /** How many commands it keeps, those too that the server has taken. */
  get queued(): number {
    return this.contents.queue.size;
  }

  /** One call; its answer may come later, as what a socket tells may cross what is fetched. */
  async ask(): Promise<boolean> {
    try {
      return await this.engine.ask();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return false;
    }
  }

  /** Some late answer arrives after all. */
  async hear(): Promise<void> {
    const [late] = this.line.late.splice(this.dice.below(this.line.late.length), 1);
    if (!late) return;
    this.tally.count("late answer");
    await this.forwards(() => this.engine.receive(late.answer, late.asked));
  }

  /** Nothing that is held becomes older, but by a resync. */
  private async forwards(work: () => Promise<void>): Promise<void> {
    const before = this.engine.positions();
    const seqs = new Map(this.rows());
    await work();
    const after = this.engine.positions();
    if (after.size < before.size || [...after].some(([space, { era }]) => era !== (before.get(space) ?? { era }).era))
      return;
    for (const [space, { at }] of after) {
      if (at < (before.get(space)?.at ?? 0)) throw new Error(`back from ${before.get(space)!.at} to ${at}`);
    }
    for (const [key, seq] of this.rows()) {
      if (seq < (seqs.get(key) ?? 0)) throw new Error(`${key}: back from ${seqs.get(key)} to ${seq}`);
    }
  }

  private *rows(): Iterable<[string, number]> {
    for (const space of this.engine.spaces()) {
      for (const { id, seq } of this.engine.all("tasks", space)) yield [`${space} ${id}`, seq];
    }
  }

  /** Another engine over the same store: what a start from there shows. */
  async twin(): Promise<Engine> {
    const engine = this.over(memoryStore(this.contents));
    await engine.open();
    return engine;
  }

  /** Work that may be cut short by the end of the device; it is on again afterwards. */
  async survive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    if (!this.isDead) return;
    this.tally.count("killed");
    await this.start();
  }

  async do(type: string, args: Args, space: string, before?: Shown): Promise<void> {
    await this.survive(async () => {
      const base = this.dice.roll(0.5) ? this.engine.get("tasks", String(args.id), space)?.seq : undefined;
      const id = await this.engine.do<string>(type, args, { space, ...(base && { base }) });
      this.done.push({ id, type, args, space, before });
    });
  }

  /** Take back what was done here; not where a start since has forgotten its number. */
  async undo(of: Done): Promise<void> {
    if (!of.before) return;
    const { kind, id } = of.before;
    await this.survive(async () => {
      const undo = await this.engine.undo(of.id, of.before!, { space: of.space }).catch(forgotten);
      if (undo)
        this.done.push({
          id: undo,
          type: "undo",
          args: { kind: kind.slice(0, -1), id },
          space: of.space,
          before: undefined,
          of,
        });
    });
  }
}

function forgotten(error: Error): undefined {
  if (!error.message.startsWith("nothing is known")) throw error;
}
