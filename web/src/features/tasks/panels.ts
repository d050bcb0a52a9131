import { createSignal } from "solid-js";

/** What lies open over the list, or in it. */
export const [adding, setAdding] = createSignal(false);
export const [dating, setDating] = createSignal<{ id: string; anchor: Element }>();
export const [refusing, setRefusing] = createSignal(false);
export const [helping, setHelping] = createSignal(false);

/** The task whose row had the focus last. */
export const [active, setActive] = createSignal<string>();
