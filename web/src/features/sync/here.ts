import { createSignal } from "solid-js";
import type { Engine, Where } from "../../sync/engine";
import type { ArgsOf } from "../../sync/forms";
import { forget } from "../../sync/indexeddb";
import type { Refused, Shown } from "../../sync/store";
import { signOut, user } from "../sessions/session";
import { Device } from "./device";

/** How this device stands with the server. */
export interface Standing {
  /** The server could not be reached at the last try. */
  readonly away: boolean;
  /** Changes that it has not taken yet, and how many of these a newer server is needed for. */
  readonly waiting: number;
  readonly upgrade: number;
  readonly refused: readonly Refused[];
  /** All of the person's own space is here. */
  readonly whole: boolean;
}

const APART: Standing = { away: false, waiting: 0, upgrade: 0, refused: [], whole: false };
const FLUSH_MS = 5000;

const [standing, setStanding] = createSignal(APART);
const [online, setOnline] = createSignal(navigator.onLine);
export { online, standing };

for (const turned of ["online", "offline"]) addEventListener(turned, () => setOnline(navigator.onLine));

let opening: Promise<Device> | undefined;

/** Keeps what this device holds of an account in step with the server; returns how to end that. */
export function attend(id: string, follow: (engine: Engine) => void): () => void {
  const ended = new AbortController();
  const device = (opening = Device.open(id, () => void device.then(show)));
  const show = (opened: Device) => ended.signal.aborted || setStanding(standingOf(opened, id));
  void device.then((opened) => {
    if (ended.signal.aborted) return;
    follow(opened.engine);
    watch(opened, ended.signal);
    show(opened);
  });
  return () => {
    ended.abort();
    void device.then((opened) => opened.close());
    opening = undefined;
    setStanding(APART);
  };
}

function standingOf(device: Device, space: string): Standing {
  const { waiting, upgrade } = device.engine.status();
  if (waiting && device.doing() === "unreachable") keep();
  return {
    away: device.doing() === "unreachable",
    waiting,
    upgrade,
    refused: device.engine.refused(),
    whole: device.engine.isWhole(space),
  };
}

/** Asked once something waits for a network: some browsers ask the person, who sees then what for. */
function keep(): void {
  if (isAsked) return;
  isAsked = true;
  void navigator.storage?.persist?.();
}
let isAsked = false;

function watch(device: Device, signal: AbortSignal): void {
  const turn = () => navigator.onLine && !document.hidden && device.look();
  const hold = (event: BeforeUnloadEvent) => !device.isKept && standing().waiting && event.preventDefault();
  addEventListener("online", turn, { signal });
  document.addEventListener("visibilitychange", turn, { signal });
  addEventListener("beforeunload", hold, { signal });
}

/** Try to reach the server now. */
export const look = (): void => void opened().then((device) => device.look());

/** Do something in the person's own space. Throws where this device cannot keep it. */
export async function perform<T extends string>(type: T, args: ArgsOf<T>, where?: Where): Promise<string> {
  const { engine } = await opened();
  return engine.do(type, args, where);
}

/** Take back what `perform` did; `before`: the thing as it was. Throws where the server has refused it. */
export async function takeBack(command: string, before: Shown): Promise<void> {
  await (await opened()).engine.undo(command, before);
}

/** The person has seen why it was refused. */
export async function dismiss(id: string): Promise<void> {
  await (await opened()).engine.dismiss(id);
}

function opened(): Promise<Device> {
  if (!opening) throw new Error("nobody is signed in");
  return opening;
}

/** Sends what waits; resolves with how many changes would be lost by signing out now. */
export async function flush(): Promise<number> {
  const { engine } = await opened();
  if (engine.status().waiting) await Promise.race([engine.sync().catch(() => {}), pause(FLUSH_MS)]);
  return engine.status().waiting + engine.refused().length;
}

/** Signs out, and takes along all that this device holds. */
export async function leave(): Promise<void> {
  const { id } = user()!;
  await signOut();
  await forget(id);
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
