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
  /** At each key; undefined: nothing is to be saved. `base`: the number of what was shown when the typing began. */
  onType: (text: string | undefined, base: number) => void;
  /** False: it could not be saved. */
  onSave: (text: string, base: number) => Promise<boolean>;
}

// A pause in typing that is long enough to save.
const PAUSE = 900;

/** Text that saves itself: in a pause, on leaving, on closing. It is never changed under the hands of who types. */
export const Words: Component<Props> = (props) => {
  const [text, setText] = createSignal(props.value);
  const [wrong, setWrong] = createSignal<string>();
  let area!: HTMLTextAreaElement;
  let timer: number | undefined;
  let isGone = false;
  /** What was last shown, or saved from here. */
  let seen = { value: props.value, base: props.base };

  const show = () => {
    if (props.value === seen.value) seen.base = props.base;
    if (props.value === seen.value || document.activeElement === area || text() !== seen.value) return;
    seen = { value: props.value, base: props.base };
    setText(props.value);
  };
  createEffect(on([() => props.value, () => props.base], show, { defer: true }));

  const type = (typed: string) => {
    setText(props.title ? typed.replace(/\s*\n\s*/gu, " ") : typed);
    const isChange = wanted() !== seen.value && !isEmpty();
    props.onType(isChange ? wanted() : undefined, seen.base);
    clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  };
  const wanted = () => (props.title ? text().trim() : text());
  const isEmpty = () => Boolean(props.title) && !wanted();
  const save = () => {
    clearTimeout(timer);
    if (isEmpty()) return setWrong("A task needs a title.");
    setWrong(undefined);
    if (wanted() !== seen.value) void put(wanted());
    return (seen.value = wanted());
  };
  const put = async (words: string) => {
    const before = { ...seen };
    if ((await props.onSave(words, seen.base)) || isGone) return;
    seen = before;
    if (text() === before.value) setText(words);
  };
  const leave = () => {
    if (isGone) return;
    save();
    if (!wrong()) setText(seen.value);
    setTimeout(() => isGone || show()); // the focus has moved by then
  };
  onCleanup(() => {
    save();
    isGone = true;
  });

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
        onInput={(event) => type(event.currentTarget.value)}
      />
      <Show when={wrong()}>
        <p class="words-wrong" role="alert">
          {wrong()}
        </p>
      </Show>
    </div>
  );
};
