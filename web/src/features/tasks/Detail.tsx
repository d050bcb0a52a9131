import { type Component, createMemo, createSignal, For, onMount, Show } from "solid-js";
import type { Task } from "../../api/schema";
import { Icon } from "../../ui/Icon";
import { standing } from "../sync/here";
import { change } from "./changes";
import { Circle } from "./Circle";
import { Due } from "./Due";
import { dateOf, dayOf, shortDate } from "./dates";
import { discard, turn } from "./keys";
import { closeTask, openTask } from "./moving";
import { dating, setDating } from "./panels";
import { Priority } from "./Priority";
import { held, neighbour } from "./store";
import { dropTyped, keepTyped, saveTyped, type Typed } from "./typed";
import { type Status, STATUS_NAMES } from "./views";
import { Words } from "./Words";

/** One task: beside the list from 1100 px, over it below that, the whole of a phone. */
export const Detail: Component<{ id: string }> = (props) => {
  let pane!: HTMLElement;
  onMount(() => pane.focus());
  const [typing, setTyping] = createSignal(false);
  // What is being typed in is not taken away, though the task may be deleted elsewhere.
  const task = createMemo<Task | undefined>(
    (last) => held.tasks[props.id] ?? (typing() && last?.id === props.id ? last : undefined),
  );
  const missing = () => (standing().whole ? "This task is not here, or no longer." : undefined);
  return (
    <aside
      ref={pane}
      class="detail"
      data-task={props.id}
      tabindex={-1}
      aria-label={held.tasks[props.id]?.title ?? "Task"}
      on:keydown={(event) => startTyping(event, pane)}
      onFocusIn={({ target }) => setTyping(target.matches("textarea"))}
      onFocusOut={() => setTyping(false)}
    >
      <Bar id={props.id} />
      <Show when={task()} fallback={<p class="detail-missing">{missing()}</p>}>
        {(shown) => (
          <Show when={shown().id} keyed>
            <Body task={shown()} />
          </Show>
        )}
      </Show>
    </aside>
  );
};

const Bar: Component<{ id: string }> = (props) => (
  <div class="bar">
    <span class="grow" />
    <Step id={props.id} by={-1} name="Previous task" />
    <Step id={props.id} by={1} name="Next task" />
    <button
      class="tool"
      aria-label="Delete"
      title="Delete (Del)"
      disabled={!held.tasks[props.id]}
      onClick={() => discard(props.id)}
    >
      <Icon name="trash" />
    </button>
    <button class="tool" aria-label="Close" title="Close (Esc)" onClick={() => closeTask()}>
      <Icon name="x" />
    </button>
  </div>
);

const Step: Component<{ id: string; by: 1 | -1; name: string }> = (props) => {
  const to = () => neighbour(props.id, props.by);
  return (
    <button
      class="tool"
      aria-label={props.name}
      title={`${props.name} (${props.by === 1 ? "J" : "K"})`}
      disabled={!to()}
      onClick={() => openTask(to()!, { replace: true })}
    >
      <Icon name={props.by === 1 ? "down" : "up"} />
    </button>
  );
};

const Body: Component<{ task: Task }> = (props) => {
  const { id } = props.task;
  const [title, description] = [typingIn(id, "title"), typingIn(id, "description")];
  return (
    <div class="detail-body">
      <div class="detail-title">
        <Circle task={props.task} />
        <Words
          title
          label="Title"
          class="detail-name"
          value={props.task.title}
          maxlength={500}
          base={props.task.seq}
          {...title}
        />
      </div>
      <Words
        label="Description"
        class="prose"
        placeholder="Description"
        value={props.task.description ?? ""}
        base={props.task.seq}
        {...description}
      />
      <dl class="props">
        <dt>Status</dt>
        <dd>
          <StatusChoice task={props.task} />
        </dd>
        <dt>Due</dt>
        <dd>
          <button
            class="due-button"
            aria-haspopup="dialog"
            aria-expanded={dating()?.id === id}
            onClick={(event) => setDating({ id, anchor: event.currentTarget })}
          >
            <Icon name="calendar" />
            <Show when={dateOf(props.task)} fallback={<span class="none">No date</span>}>
              <Due task={props.task} />
            </Show>
          </button>
        </dd>
        <dt>Priority</dt>
        <dd>
          <Priority value={props.task.priority} onPick={(priority) => void change(id, { priority })} />
        </dd>
      </dl>
      <p class="detail-foot">
        Added {shortDate(dayOf(props.task.created_at))}
        <Show when={props.task.status === "done" && props.task.completed_at}>
          {(at) => <>, done {shortDate(dayOf(at()))}</>}
        </Show>
      </p>
    </div>
  );
};

const typingIn = (id: string, field: Typed["field"]) => ({
  onType: (text: string | undefined, base: number) =>
    text === undefined ? dropTyped({ id, field }) : keepTyped({ id, field, text, base }),
  onSave: (text: string, base: number) => saveTyped({ id, field, text, base }),
});

const StatusChoice: Component<{ task: Task }> = (props) => (
  <fieldset class="segments" aria-label="Status">
    <For each={Object.entries(STATUS_NAMES) as [Status, string][]}>
      {([status, name]) => (
        <label>
          <input
            type="radio"
            name="status"
            checked={props.task.status === status}
            onChange={() => turn(props.task.id, status)}
          />
          <span>{name}</span>
        </label>
      )}
    </For>
  </fieldset>
);

function startTyping(event: KeyboardEvent, pane: HTMLElement): void {
  if (event.key !== "Enter" || event.target !== pane) return;
  event.preventDefault();
  pane.querySelector<HTMLElement>("textarea")?.focus();
}
