import type { Component } from "solid-js";

const PATHS = {
  plus: "M12 5v14M5 12h14",
  open: "M3 13h5l1.5 3h5L16 13h5M5 5h14l2 8v6H3v-6z",
  todo: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  doing: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v8M13.5 8.5v7M15 9.5v5",
  done: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.5 12l2.5 2.5 4.5-5",
  calendar: "M5 5h14v15H5zM5 9h14M9 3v4M15 3v4",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  check: "M5 12l5 5 9-11",
  note: "M5 7h14M5 12h14M5 17h8",
  x: "M6 6l12 12M18 6L6 18",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  flag: "M6 21V4h12l-3 4.5L18 13H6",
  keys: "M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M8 14.5h8",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon: Component<{ name: IconName }> = (props) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[props.name]} />
  </svg>
);
