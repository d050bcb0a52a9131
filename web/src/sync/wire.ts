import { Unreachable } from "../api/refusal";
import type { Pages, Result } from "./protocol";
import type { Chance } from "./transport";

/** What the server says. */
export type Heard =
  | { readonly type: "changes"; readonly spaces: Pages }
  | { readonly type: "results"; readonly results: readonly Result[] }
  | { readonly type: "stale"; readonly space: string; readonly seq: number }
  | { readonly type: "drain"; readonly retry_after: number }
  | { readonly type: "problem" };

/** `after`: seconds until the server wants to see us again. */
export interface Closed {
  readonly code: number;
  readonly after?: number;
}
export const DRAINED = 1012;

/** As much of a WebSocket as is used here. */
export type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;
export type Sockets = () => Socket;

const OPEN_MS = 20_000;

/** The live socket of the server that this page is from. */
export function socketsOf(page: string): Sockets {
  const url = new URL("/api/v1/live", page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return () => new WebSocket(url);
}

/** An open socket. Throws Unreachable. */
export async function open(sockets: Sockets, chance: Chance, until: AbortSignal): Promise<Wire> {
  const socket = sockets();
  const waited = new AbortController();
  const stop = () => waited.abort();
  until.addEventListener("abort", stop, { once: true });
  const wire = new Wire(socket);
  const isOpen = await Promise.race([
    new Promise<boolean>((settle) => {
      socket.onopen = () => settle(true);
      void wire.end.then(() => settle(false));
    }),
    chance.sleep(OPEN_MS, waited.signal).then(() => false),
  ]);
  waited.abort();
  until.removeEventListener("abort", stop);
  if (isOpen && !until.aborted) return wire;
  wire.close();
  throw new Unreachable();
}

/** Messages in their order, until either side closes. */
export class Wire {
  closed: Closed = { code: 1006 };
  readonly end: Promise<void>;
  private readonly inbox: Heard[] = [];
  private isOver = false;
  private wake = () => {};
  private finish = () => {};

  constructor(private readonly socket: Socket) {
    this.end = new Promise((finish) => (this.finish = finish));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.take(data);
    socket.onclose = ({ code }: CloseEvent) => this.over({ code });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  close(closed: Closed = { code: 1000 }): void {
    this.over(closed);
    this.socket.close();
  }

  async *heard(): AsyncGenerator<Heard> {
    while (!this.isOver || this.inbox.length) {
      const next = this.inbox.shift();
      if (next) yield next;
      else await new Promise<void>((wake) => (this.wake = wake));
    }
  }

  private take(data: unknown): void {
    if (this.isOver) return;
    const heard = JSON.parse(String(data)) as Heard;
    this.inbox.push(heard);
    if (heard.type === "drain") this.close({ code: DRAINED, after: heard.retry_after });
    this.wake();
  }

  private over(closed: Closed): void {
    if (this.isOver) return;
    [this.isOver, this.closed] = [true, closed];
    this.wake();
    this.finish();
  }
}
