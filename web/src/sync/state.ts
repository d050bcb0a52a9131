import { apply } from "./apply";
import type { Digest, Overwrote } from "./digest";
import { Queue } from "./queue";
import { Replica } from "./replica";
import type { Changes, Queued, Refused, Stored } from "./store";
import { Touched } from "./touched";
import { View } from "./view";

/** What has changed for whoever looks. */
export interface News {
  readonly touched: Touched;
  readonly overwrote: readonly Overwrote[];
}
export type Listener = (news: News) => void;

const NUMBERS_MOST = 500; // so many changes can be taken back

/** All that one account holds on this device, as the store has it, and as it is shown. */
export class State {
  readonly replica = new Replica();
  readonly queue = new Queue();
  readonly refused = new Map<string, Refused>();
  /** The numbers that the latest commands of this device were given. */
  readonly numbers = new Map<string, number>();
  private readonly views = new Map<string, View>();
  private readonly listeners = new Set<Listener>();

  constructor(private readonly account: string) {}

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(touched = new Touched(), overwrote: readonly Overwrote[] = []): void {
    for (const listener of this.listeners) {
      try {
        listener({ touched, overwrote });
      } catch (error) {
        console.error(error); // a screen that breaks keeps nothing from being saved
      }
    }
  }

  view(space: string): View {
    let view = this.views.get(space);
    if (!view) this.views.set(space, (view = new View(space, this.replica)));
    return view;
  }

  load(stored: Stored): void {
    const touched = new Touched();
    this.replica.load(stored, touched);
    this.queue.load(stored.queue);
    this.refused.clear();
    for (const one of stored.refused) this.refused.set(one.command.id, one);
    const spaces = [...this.replica.names(), ...this.queue.all().map((queued) => queued.space), ...this.views.keys()];
    for (const space of new Set(spaces)) this.render(space, touched);
    this.tell(touched);
  }

  /** A command is shown before it is saved: nothing but its own effect is to be computed. */
  show(queued: Queued): void {
    const touched = new Touched();
    this.queue.show(queued);
    const view = this.view(queued.space);
    this.lay(view, queued);
    view.touch(touched);
    this.tell(touched);
  }

  /** A command that could not be saved was never done. */
  unshow(queued: Queued): void {
    const touched = new Touched();
    this.queue.remove([queued.id]);
    this.render(queued.space, touched);
    this.tell(touched);
  }

  /** Make changes that the store has. */
  absorb(changes: Changes, overwrote: Digest["overwrote"] = []): void {
    const touched = new Touched();
    const spaces = this.spacesOf(changes);
    this.replica.absorb(changes, touched);
    this.queue.absorb(changes);
    this.number(changes);
    for (const one of changes.refuse ?? []) this.refused.set(one.command.id, one);
    for (const id of changes.dismiss ?? []) this.refused.delete(id);
    for (const space of spaces) this.render(space, touched);
    this.tell(touched, overwrote);
  }

  private number({ accepted = [] }: Changes): void {
    for (const { id, seq } of accepted) this.numbers.set(id, seq);
    for (const id of [...this.numbers.keys()].slice(0, -NUMBERS_MOST)) this.numbers.delete(id);
  }

  /** The spaces that look different; a place in the queue that only learns its number changes nothing. */
  private spacesOf({ drop = [], rows = [], gone = [], queue = [], unqueue = [] }: Changes): Set<string> {
    const commands = [
      ...queue.filter(({ id }) => !this.queue.get(id)),
      ...unqueue.map((id) => this.queue.get(id) ?? []),
    ];
    return new Set([...drop, ...[...rows, ...gone, ...commands.flat()].map(({ space }) => space)]);
  }

  /** Show a space anew: what is not in the queue any more has left no trace. */
  private render(space: string, touched: Touched): void {
    const view = this.view(space);
    view.touch(touched);
    view.clear();
    for (const queued of this.queue.of(space)) this.lay(view, queued);
    view.touch(touched);
  }

  private lay(view: View, queued: Queued): void {
    try {
      apply(view, queued, this.account);
    } catch (error) {
      console.error(error); // it is sent all the same: the server knows what to think of it
    }
  }
}
