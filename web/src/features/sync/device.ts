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
import { alone } from "../../sync/transport";
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
    const locks = isKept ? tabs(account) : alone; // without a store of all tabs, each is on its own
    this.engine = createEngine({ store, transport: http, account: { id: account, space }, locks });
    this.live = new Live(hereOf(this.engine, { token: access, signedOut }), socketsOf(location.href), real);
    this.talk = new Talk(account, (said) => this.hear(said));
    this.engine.subscribe(() => this.tell());
  }

  /**
   * Resolves when what is held can be shown. Where the browser keeps nothing (some private windows, a store that cannot
   * be read), what is done is held until the page goes.
   */
  static async open(account: string, changed: () => void): Promise<Device> {
    try {
      const store = await openStore(account, () => location.reload());
      return await new Device(account, store, true, changed).start();
    } catch {
      return await new Device(account, memoryStore(), false, changed).start();
    }
  }

  private async start(): Promise<this> {
    try {
      await this.engine.start((lost) => this.lead(lost));
    } catch (error) {
      void this.close();
      throw error;
    }
    if (!this.isLeading) this.talk.say("how is it");
    return this;
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
    // While it tries again, it is not known to fare any better.
    if (this.isLeading && state !== "asking") this.become(state);
    this.changed();
  }

  private become(doing: Doing): void {
    if (doing !== this.told) this.talk.say({ doing });
    this.told = doing;
  }

  private hear(said: Said): void {
    if (said === "look") this.lookHere();
    else if (said === "how is it") this.answer();
    else if (!this.isLeading) this.told = said.doing;
    this.changed();
  }

  private answer(): void {
    if (this.isLeading) this.talk.say({ doing: this.told });
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

  /** Once what was done last is saved. */
  async close(): Promise<void> {
    this.talk.close();
    await this.engine.stop();
    this.store.close?.();
  }
}
