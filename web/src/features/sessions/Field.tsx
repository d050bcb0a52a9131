import { type Component, createSignal, onMount, Show } from "solid-js";

interface Props {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  autocomplete: string;
  hint?: string | undefined;
  wrong: string | undefined;
  focused?: boolean;
}

/** A labelled input with its fault below it; a password can be looked at. */
export const Field: Component<Props> = (props) => {
  const [shown, setShown] = createSignal(false);
  let input!: HTMLInputElement;
  const note = () => `${props.name}-note`;
  onMount(() => props.focused && input.focus());
  return (
    <div class="field" classList={{ wrong: Boolean(props.wrong) }}>
      <label for={props.name}>{props.label}</label>
      <div class="field-box">
        <input
          ref={input}
          id={props.name}
          name={props.name}
          type={shown() ? "text" : (props.type ?? "text")}
          dir="auto"
          autocomplete={props.autocomplete}
          autocapitalize={props.name === "name" ? "words" : "none"}
          spellcheck={false}
          aria-invalid={Boolean(props.wrong)}
          aria-describedby={note()}
        />
        <Show when={props.type === "password"}>
          <button
            type="button"
            class="field-look"
            aria-pressed={shown()}
            aria-label="Show the password"
            onClick={() => setShown(!shown())}
          >
            {shown() ? "Hide" : "Show"}
          </button>
        </Show>
      </div>
      <p id={note()} class="field-note">
        {props.wrong ?? props.hint}
      </p>
    </div>
  );
};
