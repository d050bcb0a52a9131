import type { Component } from "solid-js";
import { beginAdding } from "./moving";
import { view } from "./views";

/** What belongs here, and the key that puts it here. */
export const Empty: Component = () => (
  <div class="empty">
    <svg viewBox="0 0 88 64" class="icon big" aria-hidden="true">
      <path d="M8 34l12-24h48l12 24v22H8zM8 34h20l5 9h22l5-9h20M34 22l8 8 14-16" />
    </svg>
    <h2>{view()?.empty.title}</h2>
    <p>{view()?.empty.text}</p>
    <button class="btn" onClick={beginAdding}>
      Add a task<kbd>Q</kbd>
    </button>
  </div>
);
