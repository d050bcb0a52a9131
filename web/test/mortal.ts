import { Unreachable } from "../src/api/refusal";
import { createEngine, type Engine } from "../src/sync/engine";
import { Contents, memoryStore } from "../src/sync/memory";
import type { Answer, Args } from "../src/sync/protocol";
import type { Positions } from "../src/sync/replica";
import type { Dice } from "./chance";
import type { Line } from "./line";

export class Killed extends Error {}

/** Something that was done and is safe: it may not be lost. */
export interface Done {
  readonly type: string;
  readonly args: Args;
}

/** A device that is killed between any two writes to its store, and started anew from that. */
export class Device {
  engine!: Engine;
  readonly done: Done[] = [];
  calm = false;
  private late: { answer: Answer; asked: Positions }[] = [];
  private readonly contents = new Contents();

  constructor(
    readonly account: string,
    readonly line: Line,
    private readonly dice: Dice,
  ) {}

  async start(): Promise<void> {
    this.late = [];
    this.engine = this.over(memoryStore(this.contents, this.fate()));
    await this.engine.open();
  }

  /** Once killed, it writes nothing more. */
  private fate(): () => void {
    let isDead = false;
    return () => {
      isDead ||= !this.calm && this.dice.roll(0.02);
      if (isDead) throw new Killed();
    };
  }

  private over(store: ReturnType<typeof memoryStore>): Engine {
    const account = { id: this.account, space: this.account };
    return createEngine({ store, transport: this.line, account, chance: this.dice });
  }

  /** One call; its answer may come later, as what a socket tells may cross what is fetched. */
  async ask(): Promise<boolean> {
    const asked = this.engine.positions();
    try {
      return await this.engine.ask();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (this.line.late) this.late.push({ answer: this.line.late, asked });
      this.line.late = undefined;
      return false;
    }
  }

  /** Some late answer arrives after all. */
  async hear(): Promise<void> {
    const [late] = this.late.splice(this.dice.below(this.late.length), 1);
    if (late) await this.forwards(() => this.engine.receive(late.answer, late.asked));
  }

  /** Nothing that is held becomes older, but by a resync. */
  private async forwards(work: () => Promise<void>): Promise<void> {
    const before = this.engine.positions();
    const seqs = new Map(this.rows());
    await work();
    const resynced = [...this.engine.positions()].some(([space, { era }]) => era !== before.get(space)?.era);
    for (const [space, { at }] of resynced ? [] : this.engine.positions()) {
      if (at < before.get(space)!.at) throw new Error(`back from ${before.get(space)!.at} to ${at}`);
    }
    for (const [key, seq] of resynced ? [] : this.rows()) {
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
      await this.start();
    }
  }

  async do(type: string, args: Args, space: string): Promise<void> {
    await this.survive(async () => {
      await this.engine.do<string>(type, args, { space });
      this.done.push({ type, args });
    });
  }
}
