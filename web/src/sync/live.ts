import { backoff, TOO_MUCH } from "./backoff";
import type { Engine } from "./engine";
import type { Cursors, Gone, Page, Pages, Result } from "./protocol";
import type { Positions } from "./replica";
import { type Closed, DRAINED, type Heard, open, type Sockets, type Wire } from "./wire";
import type { Chance } from "./transport";

/** An access token, and when it runs out by the clock of this device (milliseconds since 1970). */
export interface Token {
  readonly token: string;
  readonly until: number;
}

/** What the socket works for. */
export interface Here {
  /** A token that is good for a while; `refused` is one that the server did not take. Undefined: signed out. */
  token(refused?: string): Promise<Token | undefined>;
  cursors(): Cursors;
  positions(): Positions;
  /** Resolves when the store has them; `asked`: from where the server told them. */
  receive(pages: Pages, asked: Positions): Promise<void>;
  results(results: readonly Result[]): Promise<void>;
  /** Sync by HTTP until there is no more. */
  sync(): Promise<void>;
  /** Whether changes come by themselves now. */
  live(isLive: boolean): void;
  /** This session has ended: nothing more comes before somebody signs in. */
  signedOut(): void;
}

const BEFORE_MS = 20_000; // a token is renewed: later than the client's own calls do, so that a new one is there by then
const AGAIN_MS = 5000;
const ANSWER_MS = 30_000; // a hello after which nothing comes: the line is dead

type Listening = Pick<Engine, "cursors" | "positions" | "receive" | "sync" | "live">;

/** What an engine takes from its socket. */
export const hereOf = (engine: Listening, session: Pick<Here, "token" | "signedOut">): Here => ({
  token: (refused) => session.token(refused),
  signedOut: () => session.signedOut(),
  cursors: () => engine.cursors(),
  positions: () => engine.positions(),
  receive: (spaces, asked) => engine.receive({ spaces }, asked),
  results: (results) => engine.receive({ results }, engine.positions()),
  sync: () => engine.sync(),
  live: (isLive) => engine.live(isLive),
});

/** Keeps a socket to the server until aborted, or signed out. */
export class Live {
  private hurried = new AbortController();
  private session: Session | undefined;

  constructor(
    private readonly here: Here,
    private readonly sockets: Sockets,
    private readonly chance: Chance,
  ) {}

  /** The network is back, or somebody looks again: do not wait, and see whether the line still lives. */
  hurry(): void {
    this.hurried.abort();
    this.session?.hello();
  }

  async run(until: AbortSignal): Promise<void> {
    let failures = 0;
    let refused: string | undefined;
    while (!until.aborted) {
      const { closed, token, wasLive } = await this.once(until, refused);
      if (closed.code === REVOKED) return this.here.signedOut();
      failures = wasLive ? 0 : failures + 1;
      refused = closed.code === UNKNOWN ? token : undefined;
      await this.wait(closed, failures, until);
    }
  }

  private async once(until: AbortSignal, refused: string | undefined): Promise<Ended> {
    try {
      const token = await this.here.token(refused);
      if (!token) return { closed: { code: REVOKED } };
      const wire = await open(this.sockets, this.chance, until);
      const session = (this.session = new Session(this.here, wire, this.chance, token));
      const closed = await session.run(until);
      return { closed, token: session.token.token, wasLive: session.wasLive };
    } catch {
      return { closed: { code: BROKEN } };
    } finally {
      this.session = undefined;
      this.here.live(false);
    }
  }

  private async wait({ code, after }: Closed, failures: number, until: AbortSignal): Promise<void> {
    if (until.aborted) return;
    if (code === DRAINED && after !== undefined) return this.chance.sleep(after * 1000, until);
    if (code === UNKNOWN && failures < 2) return; // the token ran out: a new one is asked for at once
    this.hurried = new AbortController();
    const stop = () => this.hurried.abort();
    until.addEventListener("abort", stop, { once: true });
    await this.chance.sleep(backoff(failures, this.chance, code === TOO_MUCH), this.hurried.signal);
    until.removeEventListener("abort", stop);
  }
}

interface Ended {
  readonly closed: Closed;
  readonly token?: string;
  readonly wasLive?: boolean;
}

const UNKNOWN = 4401;
const REVOKED = 4403;
const BROKEN = 1006;

/** One open socket, from its first hello. */
class Session {
  wasLive = false;
  /** From where the server tells what is new, by space. */
  private asked: Positions = new Map();
  private heard = 0;
  private isBehind = false;
  private isCatchingUp = false;
  private readonly ended = new AbortController();

  constructor(
    private readonly here: Here,
    private readonly wire: Wire,
    private readonly chance: Chance,
    public token: Token,
  ) {}

  async run(until: AbortSignal): Promise<Closed> {
    const stop = () => this.close();
    until.addEventListener("abort", stop, { once: true });
    try {
      this.hello();
      void this.renew();
      for await (const heard of this.wire.heard()) await this.hear(heard);
      return this.wire.closed;
    } finally {
      until.removeEventListener("abort", stop);
      this.close();
    }
  }

  close(): void {
    this.ended.abort();
    this.wire.close();
  }

  hello(): void {
    this.asked = new Map(this.here.positions());
    this.wire.send({ type: "hello", access_token: this.token.token, cursors: this.here.cursors() });
    void this.expectAnswer(this.heard);
  }

  private async expectAnswer(heard: number): Promise<void> {
    await this.chance.sleep(ANSWER_MS, this.ended.signal);
    if (this.heard === heard) this.close();
  }

  private async renew(): Promise<void> {
    while (!this.ended.signal.aborted) {
      const left = this.token.until - BEFORE_MS - this.chance.now();
      await this.chance.sleep(Math.max(left, AGAIN_MS), this.ended.signal);
      if (this.ended.signal.aborted) return;
      const token = await this.here.token().catch(() => this.token);
      if (!token) return this.close();
      const isNew = token.token !== this.token.token;
      this.token = token;
      if (isNew) this.hello();
    }
  }

  private async hear(heard: Heard): Promise<void> {
    this.heard++;
    if (heard.type === "changes") await this.changes(heard.spaces);
    else if (heard.type === "results") await this.here.results(heard.results);
    else if (heard.type === "stale") this.fallBehind();
    // A drain has closed the wire already; a problem tells of our own mistake, and changes nothing.
  }

  private async changes(pages: Pages): Promise<void> {
    this.wasLive = true;
    await this.here.receive(this.whole(pages), this.asked);
    if (this.move(pages)) this.fallBehind();
    else if (!this.isCatchingUp) this.here.live(true);
  }

  /** Without what goes on from where this device does not stand any more: it left the space, and is in it again. */
  private whole(pages: Pages): Pages {
    const positions = this.here.positions();
    const isWhole = ([space, page]: [string, Page | Gone]) =>
      positions.has(space) || "gone" in page || page.more || page.resync || page.space !== undefined;
    return Object.fromEntries(Object.entries(pages).filter(isWhole));
  }

  /** Takes note of where the server goes on from; true: something is missing here. */
  private move(pages: Pages): boolean {
    const [asked, positions] = [new Map(this.asked), this.here.positions()];
    let isMissing = false;
    for (const [space, page] of Object.entries(pages)) {
      const position = positions.get(space);
      if (position) asked.set(space, position);
      else if ("gone" in page) asked.delete(space);
      if (!("gone" in page) && (page.more || !position || position.at < page.seq)) isMissing = true;
    }
    this.asked = asked;
    return isMissing;
  }

  /** More than is pushed: fetched by HTTP, then the server is told how far that came. */
  private fallBehind(): void {
    this.isBehind = true;
    if (!this.isCatchingUp) void this.catchUp();
  }

  private async catchUp(): Promise<void> {
    this.isCatchingUp = true;
    try {
      while (this.isBehind && !this.ended.signal.aborted) {
        this.isBehind = false;
        await this.here.sync();
      }
      if (!this.ended.signal.aborted) this.hello();
    } catch {
      this.close();
    }
    this.isCatchingUp = false;
  }
}
