import { Unreachable } from "../src/api/refusal";
import type { Answer, Command, Cursors, Result } from "../src/sync/protocol";
import type { Transport } from "../src/sync/transport";
import type { Dice } from "./chance";

/** All that the server has answered, whether that arrived or not. */
export class Ledger {
  readonly sent: Command[] = [];
  private readonly results = new Map<string, Result>();

  /** Throws where a command was run a second time. */
  note(results: readonly Result[]): void {
    for (const result of results) {
      const before = this.results.get(result.id);
      if (before && outcome(before) !== outcome(result) && outcome(before) !== "upgrade_required") {
        throw new Error(`answered twice: ${JSON.stringify([before, result])}`);
      }
      this.results.set(result.id, result);
    }
  }

  accepted = (id: string) => this.results.get(id)?.ok === true;
}

const outcome = (result: Result) => (result.ok ? result.seq : result.problem.code);

/** A network that loses calls and answers, repeats calls, and is slow; `calm` ends that. */
export class Line implements Transport {
  calm = false;
  /** An answer that did not come in time. */
  late: Answer | undefined;

  constructor(
    private readonly server: Transport,
    private readonly dice: Dice,
    private readonly ledger: Ledger,
  ) {}

  async exchange(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    if (this.calm) return this.call(cursors, commands);
    if (this.dice.roll(0.1)) throw new Unreachable();
    if (this.dice.roll(0.1)) await this.slow();
    if (this.dice.roll(0.1)) await this.call(cursors, commands);
    const answer = await this.call(cursors, commands);
    if (this.dice.roll(0.1)) await this.slow();
    if (this.dice.roll(0.8)) return answer;
    this.late = answer;
    throw new Unreachable();
  }

  private async call(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    const answer = await this.server.exchange(cursors, commands);
    this.ledger.sent.push(...commands);
    this.ledger.note(answer.results);
    return answer;
  }

  private slow(): Promise<void> {
    return new Promise((done) => setTimeout(done, this.dice.below(20)));
  }
}
