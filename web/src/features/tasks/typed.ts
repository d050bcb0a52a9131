import { kept } from "../../ui/kept";
import { ownName } from "../sessions/session";
import { change } from "./changes";

interface Place {
  id: string;
  field: "title" | "description";
}

/** What was typed in a field of a task, whose number was `base` when the typing began. */
export interface Typed extends Place {
  text: string;
  base: number;
}

/** Words that are no change yet are kept at each key: the page may go in the middle of one. */
export const keepTyped = (typed: Typed): void => write([...others(typed), typed]);
export const dropTyped = (typed: Place): void => write(others(typed));

/** Makes a change of the words; they are kept until that is saved here. False: it could not be. */
export async function saveTyped(typed: Typed): Promise<boolean> {
  const whose = ownName("typed");
  const saved = await change(typed.id, { [typed.field]: typed.text }, typed.base);
  if (saved) write(read(whose).filter((one) => !isSame(one, typed) || one.text !== typed.text), whose);
  return saved !== undefined;
}

/** What was being typed when the page went. */
export const saveAllTyped = (): void => read().forEach((typed) => void saveTyped(typed));

const others = (typed: Place) => read().filter((one) => !isSame(one, typed));
const isSame = (one: Place, other: Place) => one.id === other.id && one.field === other.field;

const read = (whose = ownName("typed")) => JSON.parse(kept.read(whose) ?? "[]") as Typed[];
const write = (all: Typed[], whose = ownName("typed")) =>
  kept.write(whose, all.length ? JSON.stringify(all) : undefined);
