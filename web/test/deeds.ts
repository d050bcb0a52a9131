import type { Args, Kind, Row } from "../src/sync/protocol";
import type { Shown } from "../src/sync/store";
import type { Dice } from "./chance";
import type { Device } from "./mortal";

type Deed = [type: string, args: Args];
let count = 0;
const text = () => `No ${++count}`;

/** Something that a person does on a device, to what it shows. */
export async function act(device: Device, spaces: readonly string[], dice: Dice): Promise<void> {
  if (device.done.length && dice.roll(0.1)) return device.undo(dice.pick(device.done));
  const space = dice.pick(spaces);
  const one = <K extends Kind>(kind: K) => dice.pick(device.engine.all(kind, space));
  const scene = { one: (kind: Kind) => one(kind)?.id, to: dice.pick(spaces), last: one("tasks") };
  const [type, args] = dice.pick([anew, changed, changed, removed, odd])(scene, dice);
  if (args.id === undefined && !type.startsWith("create_")) return;
  await device.do(type, args, space, before(device, type, args, space));
}

interface Scene {
  one(kind: Kind): string | undefined;
  to: string;
  last: Row | undefined;
}

function anew({ one }: Scene, dice: Dice): Deed {
  const id = crypto.randomUUID();
  const parent_id = dice.roll(0.3) ? (one("tasks") ?? null) : null;
  const label_ids = [one("labels") ?? []].flat();
  const project_id = parent_id ? null : (one("projects") ?? null);
  const task: Deed = ["create_task", { id, title: text(), parent_id, label_ids, ...(project_id && { project_id }) }];
  const [about, within] = [one("tasks"), one("projects")];
  return dice.pick<Deed>([
    task,
    task,
    ["create_project", { id, name: text() }],
    ["create_label", { id, name: text() }],
    within ? ["create_section", { id, name: text(), project_id: within }] : task,
    about ? ["create_comment", { id, task_id: about, body: text() }] : task,
  ]);
}

function changed({ one, to }: Scene, dice: Dice): Deed {
  const id = one("tasks");
  const label = [one("labels") ?? []].flat();
  return dice.pick<Deed>([
    ["update_task", { id, title: text() }],
    ["update_task", { id, description: text(), status: dice.pick(["todo", "in_progress", "done"]) }],
    ["update_task", { id, description: text(), add_label_ids: label }],
    ["update_task", { id, description: text(), project_id: one("projects") ?? null }],
    ["update_task", { id, description: text(), parent_id: one("tasks") ?? null }],
    ["update_task", { id, description: text(), due_date: dice.pick([null, "2026-12-24"]), priority: dice.below(4) }],
    ["move_task", { id, to }],
    ["move_task", { id, to }],
    ["update_project", { id: one("projects"), name: text() }],
    ["update_section", { id: one("sections"), name: text() }],
    ["update_label", { id: one("labels"), name: text() }],
    ["update_comment", { id: one("comments"), body: text() }],
  ]);
}

const removed = ({ one }: Scene, dice: Dice): Deed =>
  dice.pick<Deed>([
    ["delete_task", { id: one("tasks") }],
    ["delete_task", { id: one("tasks") }],
    ["delete_project", { id: one("projects") }],
    ["delete_section", { id: one("sections") }],
    ["delete_label", { id: one("labels") }],
    ["delete_comment", { id: one("comments") }],
  ]);

/** What is refused, or only a later server knows; and what somebody did last, taken back by its number. */
const odd = ({ one, last }: Scene, dice: Dice): Deed =>
  dice.pick<Deed>([
    ["update_task", { id: one("tasks"), title: "" }],
    ["update_task", { id: crypto.randomUUID(), title: text() }],
    ["create_task", { id: crypto.randomUUID(), title: text(), project_id: crypto.randomUUID() }],
    ["fold_task", { id: crypto.randomUUID(), title: text() }],
    ["undo", { kind: "task", id: last?.id, seq: last?.seq || 1 }],
  ]);

/** What a deed is done to, as a screen would show it again; nothing of what cannot be taken back. */
function before({ engine }: Device, type: string, args: Args, space: string): Shown | undefined {
  const [verb, noun] = type.split("_") as [string, string | undefined];
  if (!noun || verb === "fold") return undefined;
  const [kind, id] = [`${noun}s` as Kind, String(args.id)];
  if (verb === "create") return { kind, id };
  const row = engine.get(kind, id, space);
  if (!row) return undefined;
  const fields = Object.entries(row).filter(([name]) => verb !== "update" || name in args);
  return { kind, id, fields: Object.fromEntries(fields) };
}
