import { type Component, Show } from "solid-js";
import type { Task } from "../../api/schema";
import { Icon } from "../../ui/Icon";
import { turn } from "./keys";

/** Open, half, done: one shape. A press completes, or opens again. */
export const Circle: Component<{ task: Task }> = (props) => {
  const checked = () => ({ todo: false, in_progress: "mixed" as const, done: true })[props.task.status];
  return (
    <button
      class="circle"
      role="checkbox"
      aria-checked={checked()}
      aria-label={`Done: ${props.task.title}`}
      onClick={() => turn(props.task.id, props.task.status === "done" ? "todo" : "done")}
    >
      <span
        class={`tick p${4 - props.task.priority}`}
        classList={{ half: checked() === "mixed", done: checked() === true }}
      >
        <Show when={checked() === true}>
          <Icon name="check" />
        </Show>
      </span>
    </button>
  );
};
