import { createComputed, createEffect, on } from "solid-js";
import type { Task } from "../../api/schema";
import { narrow } from "../../ui/media";
import { go, hrefWith } from "../../ui/route";
import { active, setActive, setAdding } from "./panels";
import { listed, most, neighbour, reveal } from "./store";
import { openId } from "./views";

const row = (id: string) => document.querySelector(`.row[data-task="${id}"]`);

/** The task that a key means: the one with the focus, else the one last under it, else the open one. */
export function meant(): string | undefined {
  const at = document.activeElement?.closest<HTMLElement>("[data-task]")?.dataset["task"];
  return at ?? openId() ?? (active() && row(active()!) ? active() : undefined);
}

/** The task's row; where that is not in the list, the first one, or what makes one. */
export function focusRow(id: string | undefined, how?: FocusOptions): void {
  if (id) reveal(id);
  const to = (id && row(id)) || document.querySelector(".row");
  const name = to?.querySelector<HTMLElement>("a.name") ?? document.querySelector<HTMLElement>(".empty .btn");
  name?.focus(how);
}

/** Whatever moves a row, or takes it away, leaves the focus with it, or with the one that takes its place. */
export function keepFocus(): void {
  let had: HTMLElement | undefined;
  createComputed(on(listed, () => (had = inList(document.activeElement))));
  createEffect(
    on(listed, (now, before = []) => {
      if (!had || document.activeElement !== document.body) return;
      if (had.isConnected) return had.focus({ preventScroll: true });
      const id = had.closest<HTMLElement>(".row")?.dataset["task"];
      focusRow(heir(id, before, now.slice(0, most())), { preventScroll: true });
    }),
  );
}

const inList = (at: Element | null) => (at instanceof HTMLElement && at.closest(".row, .empty") ? at : undefined);

/** The task itself, where it is still on the page, else the next one that is, else the one before. */
function heir(id: string | undefined, before: Task[], now: Task[]): string | undefined {
  const ids = new Set(now.map((task) => task.id));
  const at = before.findIndex((task) => task.id === id);
  const behind = before.slice(Math.max(at, 0)).find((task) => ids.has(task.id));
  return (behind ?? before.slice(0, Math.max(at, 0)).findLast((task) => ids.has(task.id)))?.id;
}

/** Opens Add, or goes back to it; a task that lies over the list makes room. */
export function beginAdding(): void {
  if (openId() && narrow()) go(hrefWith({ task: null }));
  setAdding(true);
  document.querySelector<HTMLElement>(".quick textarea")?.focus();
}

/** What lay over the list has gone: if that had the focus, the open task gets it, else the row that had it last. */
export function focusAgain(): void {
  if (document.activeElement !== document.body) return;
  const pane = document.querySelector<HTMLElement>(".detail");
  if (pane) pane.focus();
  else focusRow(active(), { preventScroll: true });
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
