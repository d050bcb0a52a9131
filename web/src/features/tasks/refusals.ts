import { createEffect, createMemo } from "solid-js";
import { inWords } from "../../api/refusal";
import type { Refused } from "../../sync/store";
import { sayWrong } from "../../ui/toast";
import { dismiss, perform, standing } from "../sync/here";
import { setRefusing } from "./panels";
import { held } from "./store";

const told = new Set<string>();

/** The refused changes that hold a person's own words: they stay until they are done again, or thrown away. */
export const unsaved = () => standing().refused.filter((refused) => wordsOf(refused).length);

/** Says of each change that the server has refused that it was, and why; to be called once for a page. */
export function tellRefusals(): void {
  const refused = createMemo(() => standing().refused);
  createEffect(() => {
    for (const one of refused().filter(({ command }) => !told.has(command.id))) tell(one);
  });
}

function tell(refused: Refused): void {
  const { command, problem } = refused;
  told.add(command.id);
  for (const older of standing().refused.filter((one) => isReplaced(one, refused))) void dismiss(older.command.id);
  const isNoMatter = command.type === "delete_task" && problem.code === "deleted";
  const hasWords = wordsOf(refused).length > 0;
  if (!isNoMatter) sayWrong(reasonOf(refused), hasWords ? { name: "Show", run: () => setRefusing(true) } : undefined);
  if (!hasWords) void dismiss(command.id);
}

/** Typing on, with a pause now and then, makes several changes of one text: the last has all of it. */
function isReplaced({ command: older }: Refused, { command }: Refused): boolean {
  const isOlder = older.order < command.order && older.type === "update_task" && command.type === "update_task";
  return isOlder && older.args.id === command.args.id && Object.keys(older.args).every((name) => name in command.args);
}

const WORDS = ["title", "description"] as const;
export type Words = [field: (typeof WORDS)[number], words: string];

/** What the person typed, that would be gone with the command. */
export function wordsOf({ command: { type, args } }: Refused): Words[] {
  if (type !== "create_task" && type !== "update_task") return [];
  return WORDS.flatMap((field) => (typeof args[field] === "string" && args[field] ? [[field, args[field]]] : []));
}

/** In a sentence or two. */
export function reasonOf(refused: Refused): string {
  const { command, problem } = refused;
  const name = `“${held.tasks[String(command.args.id)]?.title ?? command.args.title ?? "A task"}”`;
  if (isGone(refused)) return `${name} was deleted elsewhere.`;
  const state = command.type === "create_task" ? "is not saved" : "is as it was";
  const [wrong] = problem.errors ?? [];
  return `${name} ${state}. ${wrong ? inWords(wrong) : problem.detail}`;
}

/** To do it again would not help. */
export const isGone = ({ problem }: Refused): boolean => problem.code === "deleted";

/** With other words, as a new command; should it be refused again, that is told again. */
export async function again({ command: { id, type, args } }: Refused, words: Words[]): Promise<void> {
  await perform(type, { ...args, ...Object.fromEntries(words) });
  await dismiss(id);
}
