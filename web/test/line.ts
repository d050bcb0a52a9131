import { Unreachable } from "../src/api/refusal";
import type { Answer, Command, Cursors, Result } from "../src/sync/protocol";
import type { Positions } from "../src/sync/replica";
import type { Transport } from "../src/sync/transport";
import type { Dice } from "./chance";
import type { Tally } from "./tally";

/** All that the server has answered, whether that arrived or not. */
export class Ledger {
  readonly sent: Command[] = [];
  private readonly results = new Map<string, Result>();

  constructor(readonly tally: Tally) {}

  /** Throws where a command was run a second time. */
  note(results: readonly Result[]): void {
    for (const result of results) {
      const before = this.results.get(result.id);
      this.tally.count(before ? "asked again" : code(result));
      if (before && !mayFollow(code(before), code(result)) && outcome(before) !== outcome(result)) {
        throw new Error(`answered twice: ${JSON.stringify([before, result])}`);
      }
      this.results.set(result.id, result);
    }
  }

  accepted = (id: string) => this.results.get(id)?.ok === true;
}

/** A newer server may come; and who is not in a space, is told nothing of what they did there. */
const mayFollow = (...codes: string[]) => codes[0] === "upgrade_required" || codes.includes("space_not_found");
const code = (result: Result) => (result.ok ? "accepted" : String(result.problem.code));
const outcome = (result: Result) => (result.ok ? `accepted ${result.seq}` : code(result));

/** An answer that did not come in time, and where its device stood when it asked. */
export interface Late {
  readonly answer: Answer;
  readonly asked: Positions;
}

/** A network that loses calls and answers, repeats calls, and is slow; `calm` ends that. */
export class Line implements Transport {
  calm = false;
  late: Late[] = [];
  positions: () => Positions = () => new Map();

  constructor(
    private readonly server: Transport,
    private readonly dice: Dice,
    readonly ledger: Ledger,
  ) {}

  async exchange(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    const asked = this.positions();
    if (this.calm) return this.call(cursors, commands);
    if (this.dice.roll(0.1)) throw new Unreachable();
    if (this.dice.roll(0.1)) await this.slow();
    if (this.dice.roll(0.1)) await this.call(cursors, commands);
    const answer = await this.call(cursors, commands);
    if (this.dice.roll(0.1)) await this.slow();
    if (this.dice.roll(0.8)) return answer;
    this.late.push({ answer, asked });
    this.ledger.tally.count("lost answer");
    throw new Unreachable();
  }

  private async call(cursors: Cursors, commands: readonly Command[]): Promise<Answer> {
    const answer = await this.server.exchange(cursors, commands);
    this.ledger.sent.push(...commands);
    this.ledger.note(answer.results);
    for (const page of Object.values(answer.spaces)) if ("more" in page && page.more) this.ledger.tally.count("more");
    return answer;
  }

  private slow(): Promise<void> {
    return new Promise((done) => setTimeout(done, this.dice.below(20)));
  }
}
