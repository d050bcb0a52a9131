import type { Chance } from "../src/sync/transport";

/** Chance that a seed repeats (mulberry32), and a clock that goes on by itself; sleeps end at once. */
export class Dice implements Chance {
  private time = Date.UTC(2026, 10, 25);

  constructor(private seed: number) {}

  random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below = (most: number) => Math.floor(this.random() * most);
  roll = (chance: number) => this.random() < chance;
  pick = <T>(from: readonly T[]): T => from[this.below(from.length)]!;
  now = () => (this.time += 1);
  sleep = async () => {};
  /** Never the same in two runs on one server. */
  id = () => crypto.randomUUID();
}
