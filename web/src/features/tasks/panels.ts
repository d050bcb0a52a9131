import { createSignal } from "solid-js";

/** What lies open over the list, or in it. */
export const [adding, setAdding] = createSignal(false);
export const [dating, setDating] = createSignal<{ id: string; anchor: Element }>();
export const [refusing, setRefusing] = createSignal(false);
export const [helping, setHelping] = createSignal(false);

/** Whether something lies over the list, or in it. */
export const isCovered = (): boolean => adding() || refusing() || helping() || dating() !== undefined;

export function closePanels(): void {
  for (const set of [setAdding, setRefusing, setHelping]) set(false);
  setDating(undefined);
}

/** The task whose row had the focus last. */
export const [active, setActive] = createSignal<string>();
