import { createEffect, createMemo } from "solid-js";
import type { Refused } from "../../sync/store";
import { sayWrong } from "../../ui/toast";
import { dismiss, perform, standing } from "../sync/here";
import { setRefusing } from "./panels";
import { held } from "./store";

const told = new Set<string>();

/** The refused changes that hold a person's own words: they stay until they are done again, or thrown away. */
export const unsaved = () => standing().refused.filter(({ command }) => wordsOf({ command }) !== undefined);

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
  const isNoMatter = command.type === "delete_task" && problem.code === "deleted";
  const hasWords = wordsOf(refused) !== undefined;
  if (!isNoMatter) sayWrong(reasonOf(refused), hasWords ? { name: "Look", run: () => setRefusing(true) } : undefined);
  if (!hasWords) void dismiss(command.id);
}

/** What the person typed, that would be gone with the command. */
export function wordsOf({ command: { type, args } }: Pick<Refused, "command">): string | undefined {
  if (type !== "create_task" && type !== "update_task") return undefined;
  return [args.title, args.description].filter(Boolean).join("\n\n") || undefined;
}

/** In a sentence or two. */
export function reasonOf({ command, problem }: Refused): string {
  const name = `“${held.tasks[String(command.args.id)]?.title ?? command.args.title ?? "A task"}”`;
  if (problem.code === "deleted") return `${name} was deleted elsewhere.`;
  const state = command.type === "create_task" ? "is not saved" : "is as it was";
  return `${name} ${state}. ${problem.errors?.[0]?.detail ?? problem.detail}`;
}

/** As a new command; should it be refused again, it is told again. */
export async function again({ command: { id, type, args } }: Refused): Promise<void> {
  await perform(type, args);
  await dismiss(id);
}
