import { type Component, Show } from "solid-js";
import type { Task } from "../../api/schema";
import { Icon } from "../../ui/Icon";
import { dateOf, dateWords, dayOf, isLate, timeOf, today } from "./dates";

/** The day it was done, or is due, in a word; late also says so. `within`: what the group above already says, and is left out. */
export const Due: Component<{ task: Task; within?: string }> = (props) => (
  <Show when={props.task.status === "done" && props.task.completed_at} fallback={<Open {...props} />}>
    {(at) => (
      <span class="num due">
        <Icon name="check" />
        <span class="sr-only">done </span>
        {dateWords(dayOf(at()))}
      </span>
    )}
  </Show>
);

const Open: Component<{ task: Task; within?: string }> = (props) => {
  const time = () => timeOf(props.task);
  const words = () => {
    const said = dateWords(dateOf(props.task) ?? "");
    return said === props.within ? time() : [said, time()].filter(Boolean).join(", ");
  };
  return (
    <Show when={dateOf(props.task) && words()}>
      <span
        class="num due"
        classList={{ late: isLate(props.task), now: !isLate(props.task) && dateOf(props.task) === today() }}
      >
        <Show when={time()}>
          <Icon name="clock" />
        </Show>
        <span>
          {words()}
          <Show when={isLate(props.task)}>
            <span classList={{ "sr-only": props.within === "Overdue" }}>, late</span>
          </Show>
        </span>
      </span>
    </Show>
  );
};
