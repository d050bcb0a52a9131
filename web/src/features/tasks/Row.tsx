import { type Component, createEffect, on, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { still } from "../../ui/media";
import { hrefWith } from "../../ui/route";
import { Circle } from "./Circle";
import { Due } from "./Due";
import { setActive } from "./panels";
import { held, setHeld } from "./store";
import { openId } from "./views";

// Long enough to see the circle fill before the row closes.
const SEEN_FOR = 500;
const CLOSES_IN = 160;

/** One line a task on a desktop, two on a phone. */
export const Row: Component<{ id: string; group?: string }> = (props) => {
  let row!: HTMLLIElement;
  createEffect(
    on(
      () => held.leaving[props.id],
      (leaving, _, timer?: number) => {
        clearTimeout(timer);
        return leaving ? window.setTimeout(() => close(row, props.id), SEEN_FOR) : undefined;
      },
    ),
  );
  return (
    <Show when={held.tasks[props.id]}>
      {(task) => (
        <li
          ref={row}
          class="row"
          data-task={props.id}
          onFocusIn={() => setActive(props.id)}
          classList={{ on: openId() === props.id, done: task().status === "done", fresh: task().seq === 0 }}
        >
          <Circle task={task()} />
          <a class="name" href={hrefWith({ task: props.id })} aria-current={openId() === props.id} dir="auto">
            {task().title}
          </a>
          <span class="meta">
            <Show when={task().description}>
              <span class="has-note">
                <Icon name="note" />
                <span class="sr-only">has a note</span>
              </span>
            </Show>
            <Show when={task().priority}>
              <span class={`pri p${4 - task().priority}`}>P{4 - task().priority}</span>
            </Show>
            <Due task={task()} {...(props.group && { within: props.group })} />
          </span>
        </li>
      )}
    </Show>
  );
};

function close(row: HTMLElement, id: string): void {
  const gone = () => held.leaving[id] && setHeld("leaving", id, undefined!);
  if (still() || !row.isConnected) return void gone();
  const closing = row.animate(
    [{ height: `${row.offsetHeight}px` }, { height: 0, minHeight: 0, paddingBlock: 0, opacity: 0 }],
    { duration: CLOSES_IN, easing: "cubic-bezier(0.2, 0, 0, 1)" },
  );
  closing.onfinish = gone;
}
