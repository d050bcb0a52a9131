import { go, hrefWith } from "../../ui/route";
import { active, setActive } from "./panels";
import { listed, neighbour, reveal } from "./store";
import { openId } from "./views";

const row = (id: string) => document.querySelector(`.row[data-task="${id}"]`);

/** The task that a key means: the one with the focus, else the one last under it, else the open one. */
export function meant(): string | undefined {
  const at = document.activeElement?.closest<HTMLElement>("[data-task]")?.dataset["task"];
  return at ?? openId() ?? (active() && row(active()!) ? active() : undefined);
}

export function focusRow(id: string | undefined): void {
  if (!id) return;
  setActive(id);
  reveal(id);
  row(id)?.querySelector<HTMLElement>("a.name")?.focus();
}

export function isInSight(id: string): boolean {
  const at = row(id)?.getBoundingClientRect();
  return Boolean(at && at.bottom > 0 && at.top < innerHeight);
}

/** Down or up by one; in the open task, opens the next one. */
export function move(step: 1 | -1): void {
  const within = document.activeElement?.closest(".detail");
  const from = meant();
  const to = from ? neighbour(from, step) : listed()[0]?.id;
  if (!to) return;
  if (within) openTask(to, { replace: true });
  else focusRow(to);
}

export function openTask(id: string, how?: { replace: boolean }): void {
  setActive(id);
  go(hrefWith({ task: id }), how);
}

export function closeTask(next = openId()): void {
  go(hrefWith({ task: null }));
  queueMicrotask(() => focusRow(next));
}

/** Where the focus goes when a row is about to leave. */
export function stepOff(id: string): void {
  if (document.activeElement?.closest<HTMLElement>(".row")?.dataset["task"] === id)
    focusRow(neighbour(id, 1) ?? neighbour(id, -1));
}
