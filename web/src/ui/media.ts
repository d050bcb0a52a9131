import { type Accessor, createSignal } from "solid-js";

function matches(query: string): Accessor<boolean> {
  const media = matchMedia(query);
  const [now, set] = createSignal(media.matches);
  media.addEventListener("change", () => set(media.matches));
  return now;
}

/** The task lies over the list, not beside it. */
export const narrow = matches("(max-width: 1099.98px)");
export const phone = matches("(max-width: 700px)");
export const still = matches("(prefers-reduced-motion: reduce)");
