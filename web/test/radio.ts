import { real } from "../src/sync/chance";
import type { Engine } from "../src/sync/engine";
import { hereOf, Live } from "../src/sync/live";
import type { Chance } from "../src/sync/transport";
import type { Socket, Sockets } from "../src/sync/wire";
import type { Dice } from "./chance";
import type { Tally } from "./tally";

/** Waits between two sockets are over soon; how long an answer may take is as it is. */
const hasty: Chance = { ...real, sleep: (ms, until) => real.sleep(ms < 20_000 ? ms / 50 : ms, until) };

/** A live socket to the real server, whose line breaks at any frame, and whose frames are late and come twice. */
export class Radio {
  private readonly off = new AbortController();
  private readonly over: Promise<void>;

  constructor(engine: Engine, token: string, url: string, dice: Dice, tally: Tally) {
    const session = {
      token: async () => ({ token, until: Date.now() + 900_000 }),
      signedOut: () => tally.count("out"),
    };
    const sockets: Sockets = () => new Rough(new WebSocket(`${url.replace("http", "ws")}/api/v1/live`), dice, tally);
    this.over = new Live(hereOf(engine, session), sockets, hasty).run(this.off.signal);
    tally.count("listened");
  }

  /** Resolves when nothing more is heard. */
  async stop(): Promise<void> {
    this.off.abort();
    await this.over;
  }
}

class Rough implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  private before: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly dice: Dice,
    private readonly tally: Tally,
  ) {
    socket.onopen = (event) => this.onopen?.call(socket, event);
    socket.onclose = (event) => void this.before.then(() => this.onclose?.call(socket, event));
    socket.onmessage = (event) => (this.before = this.before.then(() => this.deliver(event)));
  }

  send = (data: string) => this.socket.send(data);
  close = () => this.socket.close();

  private async deliver(event: MessageEvent<string>): Promise<void> {
    this.tally.count(`heard ${(JSON.parse(event.data) as { type: string }).type}`);
    if (this.dice.roll(0.1)) return this.cut();
    if (this.dice.roll(0.2)) await this.late();
    this.onmessage?.call(this.socket, event);
    if (!this.dice.roll(0.1)) return;
    this.tally.count("heard twice");
    this.onmessage?.call(this.socket, event);
  }

  private cut(): void {
    this.tally.count("cut");
    this.socket.close();
    this.onclose?.call(this.socket, { code: 1006 } as CloseEvent);
    this.onmessage = null;
  }

  private late(): Promise<void> {
    this.tally.count("heard late");
    return new Promise((done) => setTimeout(done, this.dice.below(30)));
  }
}
