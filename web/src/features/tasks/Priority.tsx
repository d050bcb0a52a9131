import { type Component, createUniqueId, For } from "solid-js";

// Typed and shown as P1 to P3; 3 is the most urgent in the API, 0 is none.
const CHOICES = [3, 2, 1, 0];
const label = (priority: number) => (priority ? `P${4 - priority}` : "None");

export const Priority: Component<{ value: number; onPick: (priority: number) => void }> = (props) => {
  const name = createUniqueId();
  return (
    <fieldset class="segments" aria-label="Priority">
      <For each={CHOICES}>
        {(priority) => (
          <label>
            <input
              type="radio"
              name={name}
              checked={props.value === priority}
              onChange={() => props.onPick(priority)}
            />
            <span class={priority ? `pri p${4 - priority}` : ""}>{label(priority)}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
};
