import { type Component, createEffect, createSignal, on, onCleanup, Show } from "solid-js";

interface Props {
  label: string;
  value: string;
  class: string;
  placeholder?: string;
  maxlength?: number;
  /** One line that must not be empty: Enter ends it. */
  title?: boolean;
  /** Answers what went wrong, or undefined. */
  onSave: (text: string) => Promise<string | undefined>;
}

// A pause in typing that is long enough to save.
const PAUSE = 900;

/** Text that saves itself: in a pause, on leaving, on closing. Words that were refused stay, with the reason below them. */
export const Words: Component<Props> = (props) => {
  const [text, setText] = createSignal(props.value);
  const [wrong, setWrong] = createSignal<string>();
  let area!: HTMLTextAreaElement;
  let timer: number | undefined;
  let saved = props.value;

  createEffect(
    on(
      () => props.value,
      (value) => {
        if (document.activeElement === area || wrong()) return;
        saved = value;
        setText(value);
      },
      { defer: true },
    ),
  );

  const save = async () => {
    clearTimeout(timer);
    const [wanted, onSave] = [props.title ? text().trim() : text(), props.onSave];
    if (wanted === saved) return setWrong(undefined);
    if (props.title && !wanted) return setWrong("A task needs a title.");
    saved = wanted;
    return setWrong(await onSave(wanted));
  };
  onCleanup(() => void save());

  const onKeyDown = (event: KeyboardEvent) => {
    if (
      event.key === "Escape" ||
      (event.key === "Enter" && (props.title || event.ctrlKey || event.metaKey) && !event.isComposing)
    ) {
      event.preventDefault();
      area.closest<HTMLElement>("[data-task]")?.focus();
    }
  };
  return (
    <div class="words">
      <textarea
        ref={area}
        class={props.class}
        aria-label={props.label}
        rows={1}
        dir="auto"
        value={text()}
        placeholder={props.placeholder}
        maxlength={props.maxlength}
        aria-invalid={Boolean(wrong())}
        on:keydown={onKeyDown}
        onBlur={() => void save()}
        onInput={(event) => {
          setText(props.title ? event.currentTarget.value.replace(/\s*\n\s*/gu, " ") : event.currentTarget.value);
          clearTimeout(timer);
          timer = window.setTimeout(save, PAUSE);
        }}
      />
      <Show when={wrong()}>
        <p class="words-wrong" role="alert">
          {wrong()}
        </p>
      </Show>
    </div>
  );
};
