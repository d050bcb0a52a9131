import { type Component, createEffect, createSignal, on, onCleanup, Show } from "solid-js";

interface Props {
  label: string;
  value: string;
  class: string;
  placeholder?: string;
  maxlength?: number;
  /** One line that must not be empty: Enter ends it. */
  title?: boolean;
  /** The number of what is shown. */
  base: number;
  /** `base`: the number of what was shown when the typing began. */
  onSave: (text: string, base: number) => void;
}

// A pause in typing that is long enough to save.
const PAUSE = 900;

/** Text that saves itself: in a pause, on leaving, on closing. It is never changed under the hands of who types. */
export const Words: Component<Props> = (props) => {
  const [text, setText] = createSignal(props.value);
  const [wrong, setWrong] = createSignal<string>();
  let area!: HTMLTextAreaElement;
  let timer: number | undefined;
  /** What was last shown, or saved from here. */
  let seen = { value: props.value, base: props.base };

  const show = () => {
    if (props.value === seen.value) seen.base = props.base;
    if (props.value === seen.value || document.activeElement === area || text() !== seen.value) return;
    seen = { value: props.value, base: props.base };
    setText(props.value);
  };
  createEffect(on([() => props.value, () => props.base], show, { defer: true }));

  const save = () => {
    clearTimeout(timer);
    const wanted = props.title ? text().trim() : text();
    if (props.title && !wanted) return setWrong("A task needs a title.");
    setWrong(undefined);
    if (wanted !== seen.value) props.onSave(wanted, seen.base);
    return (seen.value = wanted);
  };
  const leave = () => {
    save();
    if (!wrong()) setText(seen.value);
    setTimeout(show); // the focus has moved by then
  };
  onCleanup(save);

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
        onBlur={leave}
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
