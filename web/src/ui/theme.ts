import { createSignal } from "solid-js";
import { kept } from "./kept";

export type Theme = "system" | "light" | "dark";
export const THEMES: Theme[] = ["system", "light", "dark"];

const [theme, set] = createSignal((document.documentElement.dataset["theme"] ?? "system") as Theme);
export { theme };

export function setTheme(to: Theme): void {
  set(to);
  kept.write("theme", to === "system" ? undefined : to);
  if (to === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = to;
}
