import type { Component } from "solid-js";

/** The product's sign and name. */
export const Mark: Component = () => (
  <p class="mark">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M8.5 16.5l5 5 10-11.5" />
    </svg>
    TaskFlow
  </p>
);
