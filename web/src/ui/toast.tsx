import { type Component, createSignal, Show } from "solid-js";

interface Message {
  text: string;
  wrong: boolean;
  act?: { name: string; key?: string; run: () => void } | undefined;
}

// Long enough to read and to reach for Undo; an error stays until it is closed or replaced.
const SHOWN_FOR = 7000;

const [message, setMessage] = createSignal<Message>();
let timer: number | undefined;

/** What it returns takes the message away again, should it still be there. */
export function say(text: string, act?: Message["act"]): () => void {
  const said = { text, wrong: false, act };
  show(said);
  linger();
  return () => void (message() === said && hush());
}

export function sayWrong(text: string, act?: Message["act"]): void {
  show({ text, wrong: true, act });
}

export function hush(): void {
  clearTimeout(timer);
  setMessage(undefined);
}

function show(next: Message): void {
  clearTimeout(timer);
  setMessage(next);
}

const linger = () => (timer = window.setTimeout(hush, SHOWN_FOR));
const act = () => {
  const run = message()?.act?.run;
  hush();
  run?.();
};

export const Toast: Component = () => (
  <div
    class="toasts"
    onPointerEnter={() => clearTimeout(timer)}
    onPointerLeave={() => message()?.wrong === false && linger()}
  >
    <div role="status" class="toast-place">
      <Show when={!message()?.wrong && message()} keyed>
        {(shown) => <Shown {...shown} />}
      </Show>
    </div>
    <div role="alert" class="toast-place">
      <Show when={message()?.wrong && message()} keyed>
        {(shown) => <Shown {...shown} />}
      </Show>
    </div>
  </div>
);

const Shown: Component<Message> = (props) => (
  <div class="toast" classList={{ wrong: props.wrong }}>
    <span class="toast-text">{props.text}</span>
    <Show when={props.act}>
      {(given) => (
        <button onClick={act}>
          {given().name}
          <Show when={given().key}>
            <kbd>{given().key}</kbd>
          </Show>
        </button>
      )}
    </Show>
    <Show when={props.wrong}>
      <button onClick={hush}>Close</button>
    </Show>
  </div>
);
