import type { Engine } from "../src/sync/engine";
import { type Kind, KINDS, type Row } from "../src/sync/protocol";
import type { Transport } from "../src/sync/transport";
import { Dice } from "./chance";
import { act } from "./deeds";
import { Ledger, Line } from "./line";
import { Device, type Done, type Station } from "./mortal";
import type { Tally } from "./tally";

/** A server with people on it. */
export interface World {
  readonly accounts: readonly (Station & {
    readonly id: string;
    readonly transport: Transport;
    rows(space: string): Promise<Rows>;
  })[];
  /** The spaces in which an account is. */
  spaces(account: string): readonly string[];
  /** Somebody leaves, is put out, or comes back. */
  turn?(dice: Dice): Promise<string>;
}
export type Rows = Partial<Record<Kind, readonly Row[]>>;

/** One history: devices that act, lose their network and are killed, and in the end are the same as the server. */
export async function history(world: World, seed: number, tally: Tally): Promise<void> {
  const dice = new Dice(seed);
  const ledger = new Ledger(tally);
  const devices = world.accounts.flatMap((account) =>
    Array.from({ length: world.accounts.length > 1 ? 1 + dice.below(2) : 2 + dice.below(2) }, () => {
      return new Device(account.id, new Line(account.transport, dice, ledger), dice, account);
    }),
  );
  for (const device of devices) await device.start();
  for (let step = 6 + dice.below(14); step > 0; step--) await live(world, devices, dice, tally);
  for (const device of devices) await calm(device);
  for (const device of [...devices, ...devices]) await device.engine.sync();
  for (const device of devices) nothingLost(device, ledger);
  await sameAsServer(world, devices);
}

async function live(world: World, devices: readonly Device[], dice: Dice, tally: Tally): Promise<void> {
  const device = dice.pick(devices);
  if (world.turn && dice.roll(0.05)) tally.count(await world.turn(dice));
  if (dice.roll(0.2)) await device.tune();
  const spaces = [...new Set([...world.spaces(device.account), ...device.engine.spaces()])];
  for (let deeds = dice.below(4); deeds > 0; deeds--) await act(device, spaces, dice);
  const asking = devices.filter((each) => each === device || dice.roll(0.2));
  await Promise.all(asking.map((each) => each.survive(() => ask(each, dice))));
  if (dice.roll(0.2)) await shownAsStored(device);
}

async function ask(device: Device, dice: Dice): Promise<void> {
  while ((await device.ask()) && dice.roll(0.8));
  if (dice.roll(0.5)) await device.hear();
}

async function calm(device: Device): Promise<void> {
  device.calm = device.line.calm = true;
  await device.start();
}

/** What is shown is the base and the queue, and no trace of anything else. */
async function shownAsStored(device: Device): Promise<void> {
  await device.deafen();
  const twin = await device.twin();
  if (device.isDead) return; // it was killed by what it heard: the store has more than it could show
  for (const space of twin.spaces()) same(shown(device.engine, space), shown(twin, space), "shown and stored");
}

/** All that was safe was accepted, is waiting for a newer server, or lies before the person with a reason. */
function nothingLost({ engine, done, queued }: Device, ledger: Ledger): void {
  const refused = engine.refused().map(({ command }) => nameOf(command));
  const waiting = engine.waiting().map(nameOf);
  const kept = new Set([...refused, ...waiting, ...ledger.sent.filter(({ id }) => ledger.accepted(id)).map(nameOf)]);
  const isKept = (deed: Done): boolean => kept.has(nameOf(deed)) || (!!deed.of && refused.includes(nameOf(deed.of)));
  for (const deed of done) if (!isKept(deed)) throw new Error(`lost: ${nameOf(deed)}`);
  if (queued !== waiting.length) throw new Error(`${queued - waiting.length} commands never leave the queue`);
  for (const command of engine.waiting()) {
    if (command.type !== "fold_task") throw new Error(`still waiting: ${JSON.stringify(command)}`);
  }
}

function nameOf({
  type,
  args: { space_id: _, seq: __, ...args },
}: {
  type: string;
  args: Record<string, unknown>;
}): string {
  return `${type} ${JSON.stringify(args)}`;
}

async function sameAsServer(world: World, devices: readonly Device[]): Promise<void> {
  const there = new Map<string, Rows>();
  for (const { id, rows } of world.accounts) {
    for (const space of world.spaces(id)) if (!there.has(space)) there.set(space, await rows(space));
  }
  for (const { account, engine } of devices) {
    const spaces = world.spaces(account);
    same([...engine.spaces()].sort(), [...spaces].sort(), "the spaces");
    for (const space of spaces) sameRows(shown(engine, space), there.get(space)!);
  }
}

function sameRows(here: Rows, there: Rows): void {
  for (const [kind, listed] of Object.entries(there)) same(here[kind as Kind], byId(listed), `here and there, ${kind}`);
}

const shown = (engine: Engine, space: string): Rows =>
  Object.fromEntries(KINDS.map((kind) => [kind, byId(engine.all(kind, space))]));
const byId = (rows: readonly Row[]) => [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));

function same(one: unknown, other: unknown, what: string): void {
  const [here, there] = [one, other].map((value) => JSON.stringify(value, sorted, 1));
  if (here !== there) throw new Error(`differ: ${what}\n${differences(here!, there!)}`);
}

const sorted = (_: string, value: unknown) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

function differences(one: string, other: string): string {
  const [here, there] = [one.split("\n"), other.split("\n")];
  const [only, missing] = [here.filter((line) => !there.includes(line)), there.filter((line) => !here.includes(line))];
  return [...only.slice(0, 8).map((line) => `+ ${line}`), ...missing.slice(0, 8).map((line) => `- ${line}`)].join("\n");
}
