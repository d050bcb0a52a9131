import { access, signedOut } from "../sessions/session";
import { real } from "../../sync/chance";
import { createEngine, type Engine } from "../../sync/engine";
import { http } from "../../sync/http";
import { openStore } from "../../sync/indexeddb";
import { tabs, Talk } from "../../sync/leader";
import { hereOf, Live } from "../../sync/live";
import type { Doing } from "../../sync/loop";
import { memoryStore } from "../../sync/memory";
import type { Store } from "../../sync/store";
import { socketsOf } from "../../sync/wire";

/** What the tabs of an account tell each other: how the one that leads fares, and that it is to look again. */
type Said = { doing: Doing } | "look" | "how is it";

/** What this device holds of an account, kept in step with the server from one of its tabs. */
export class Device {
  readonly engine: Engine;
  private readonly live: Live;
  private readonly talk: Talk<Said>;
  private isLeading = false;
  private told: Doing = "idle";

  /** `isKept`: what waits here outlives the page. */
  private constructor(
    account: string,
    private readonly store: Store & { close?(): void },
    readonly isKept: boolean,
    private readonly changed: () => void,
  ) {
    const space = account; // an account's own space has its id
    this.engine = createEngine({ store, transport: http, account: { id: account, space }, locks: tabs(account) });
    this.live = new Live(hereOf(this.engine, { token: access, signedOut }), socketsOf(location.href), real);
    this.talk = new Talk(account, (said) => this.hear(said));
    this.engine.subscribe(() => this.tell());
  }

  /** Where the browser keeps nothing (some private windows, a full disk), what is done is held until the page goes. */
  static async open(account: string, changed: () => void): Promise<Device> {
    try {
      return new Device(account, await openStore(account, () => location.reload()), true, changed);
    } catch {
      return new Device(account, memoryStore(), false, changed);
    }
  }

  /** Resolves when what is held is shown. */
  async start(): Promise<void> {
    await this.engine.start((lost) => this.lead(lost));
    if (!this.isLeading) this.talk.say("how is it");
  }

  private lead(lost: AbortSignal): void {
    this.isLeading = true;
    lost.addEventListener("abort", () => (this.isLeading = false), { once: true });
    void this.live.run(lost);
  }

  /** How the tab that leads fares. */
  doing(): Doing {
    return this.told;
  }

  private tell(): void {
    const { state } = this.engine.status();
    if (this.isLeading && state !== this.told) this.talk.say({ doing: state });
    if (this.isLeading) this.told = state;
    this.changed();
  }

  private hear(said: Said): void {
    if (said === "look") this.lookHere();
    else if (said !== "how is it") this.told = said.doing;
    else if (this.isLeading) this.talk.say({ doing: this.told });
    this.changed();
  }

  /** The network is back, or somebody looks at the page again. */
  look(): void {
    this.lookHere();
    this.talk.say("look");
  }

  private lookHere(): void {
    this.engine.wake();
    if (this.isLeading) this.live.hurry();
  }

  close(): void {
    this.engine.stop();
    this.talk.close();
    this.store.close?.();
  }
}
