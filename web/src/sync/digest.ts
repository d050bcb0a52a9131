import type { Accepted, Answer, Overwritten, Reason, RefusedResult, Result } from "./protocol";
import { block, mentions, type Queue } from "./queue";
import type { Positions, Replica } from "./replica";
import type { Changes, Queued, Refused } from "./store";

/** What somebody else wrote meanwhile, and a command of this device has replaced. */
export interface Overwrote {
  readonly command: Queued;
  readonly fields: readonly Overwritten[];
}

/** What an answer changes here, in one write; and what is to be known of it besides. */
export interface Digest {
  readonly changes: Changes;
  readonly held: readonly string[];
  readonly overwrote: readonly Overwrote[];
}

/** An answer, as a change of what is held: results, rows and cursors together. */
export function digest(
  answer: Partial<Answer>,
  asked: Positions,
  { replica, queue, id }: { replica: Replica; queue: Queue; id: () => string },
): Digest {
  const taken = new Taken(queue, id);
  for (const result of answer.results ?? []) taken.take(result);
  const pages = answer.spaces ?? {};
  const changes = replica.plan(pages, asked);
  settle(taken, changes, answer, replica);
  return { changes: { ...changes, ...taken.changes() }, held: taken.held, overwrote: taken.overwrote };
}

/** The results of commands, one by one. */
class Taken {
  readonly held: string[] = [];
  readonly overwrote: Overwrote[] = [];
  private readonly waiting = new Set<string>();
  private readonly put = new Map<string, Queued>();
  private readonly out = new Set<string>();
  private readonly refused: Refused[] = [];
  private readonly accepted: { id: string; seq: number }[] = [];

  constructor(
    private readonly queue: Queue,
    private readonly id: () => string,
  ) {}

  /** A result that came before, of a command that has left since or was accepted, says nothing. */
  take(result: Result): void {
    const command = this.queue.get(result.id);
    if (!command || command.accepted !== undefined) return;
    if (result.ok) this.accept(command, result);
    else this.refuse(command, result);
  }

  private accept(command: Queued, { seq, overwrote }: Accepted): void {
    this.put.set(command.id, { ...command, accepted: seq });
    this.accepted.push({ id: command.id, seq });
    for (const undo of this.queue.takingBack(command.id)) this.put.set(undo.id, numbered(undo, seq));
    if (overwrote?.length) this.overwrote.push({ command, fields: overwrote });
  }

  private refuse(command: Queued, { problem }: RefusedResult): void {
    if (problem.code === "upgrade_required") {
      this.held.push(command.id);
      block(command, this.waiting);
      return;
    }
    const space = this.later(command, problem);
    if (space !== undefined) return this.again(command, space);
    this.out.add(command.id);
    this.refused.push({ command, problem });
    for (const undo of this.queue.takingBack(command.id)) this.out.add(undo.id); // there is nothing to take back
  }

  /** The space in which a command is to be sent once more: its thing is there, or what it builds on is not there yet. */
  private later(command: Queued, { code, space_id }: Reason): string | undefined {
    if (code === "moved" && space_id && space_id !== command.space) return space_id;
    return mentions(command.args, this.waiting) ? command.space : this.followed(command);
  }

  /** The space to which the making of a thing was sent that the command names. */
  private followed({ args, space }: Queued): string | undefined {
    for (const { type, args: made, space: there } of this.after()) {
      const isElsewhere = there !== space && type.startsWith("create_");
      if (isElsewhere && mentions(args, new Set([String(made.id)]))) return there;
    }
    return undefined;
  }

  /** The server keeps the refusal under the old id; the numbers of another space say nothing of the old one's. */
  private again({ base, ...command }: Queued, space: string): void {
    const id = this.id();
    this.out.add(command.id);
    this.put.set(id, { ...command, id, space, ...(base !== undefined && space === command.space && { base }) });
    for (const undo of this.queue.takingBack(command.id)) this.put.set(undo.id, { ...undo, of: id, space });
  }

  /** The queue as it will be. */
  *after(): Iterable<Queued> {
    for (const queued of this.queue.all()) {
      if (!this.out.has(queued.id) && !this.put.has(queued.id)) yield queued;
    }
    yield* this.put.values();
  }

  leave(command: Queued): void {
    this.put.delete(command.id);
    this.out.add(command.id);
  }

  /** What the server was set back to before: it is sent once more, for it may not be known any more. */
  reopen({ accepted: _, ...command }: Queued): void {
    this.put.set(command.id, command);
  }

  changes(): Changes {
    const { accepted, refused } = this;
    return { queue: [...this.put.values()], accepted, unqueue: [...this.out], refuse: refused };
  }
}

/** What takes back a change names it by its number. */
const numbered = ({ of: _, ...undo }: Queued, seq: number): Queued => ({ ...undo, args: { ...undo.args, seq } });

/** Accepted commands leave when the base has all of them; while there is more to come it may lack what they wrote. */
function settle(taken: Taken, changes: Changes, answer: Partial<Answer>, replica: Replica): void {
  const isFull = !!answer.results; // names every space that the account is in
  const states = new Map(changes.spaces?.map((state) => [state.space, state]));
  const dropped = new Set(changes.drop);
  for (const command of [...taken.after()]) {
    const { space, accepted } = command;
    if (accepted === undefined) continue;
    const state = states.get(space) ?? (dropped.has(space) ? undefined : replica.state(space));
    const page = answer.spaces?.[space];
    if (!state && (dropped.has(space) || (isFull && !page))) taken.leave(command);
    else if (dropped.has(space) && page && "seq" in page && page.seq < accepted) taken.reopen(command);
    else if (state?.complete && state.at >= accepted) taken.leave(command);
  }
}
