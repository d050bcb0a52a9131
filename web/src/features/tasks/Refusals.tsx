import { type Component, createEffect, createSignal, For, Show } from "solid-js";
import type { Refused } from "../../sync/store";
import { Dialog } from "../../ui/Dialog";
import { dismiss } from "../sync/here";
import { setRefusing } from "./panels";
import { again, isGone, reasonOf, unsaved, type Words, wordsOf } from "./refusals";

/** The words that the server did not take, and why: to be mended and saved, or thrown away. */
export const Refusals: Component = () => {
  createEffect(() => !unsaved().length && setRefusing(false));
  return (
    <Dialog title="Not saved" onClose={() => setRefusing(false)}>
      <ul class="refusals">
        <For each={unsaved().map(({ command }) => command.id)}>
          {(id) => <One refused={unsaved().find(({ command }) => command.id === id)!} />}
        </For>
      </ul>
    </Dialog>
  );
};

const One: Component<{ refused: Refused }> = ({ refused }) => {
  const [words, setWords] = createSignal(wordsOf(refused));
  const put = (field: string, text: string) =>
    setWords((all) => all.map(([name, old]): Words => [name, name === field ? text : old]));
  return (
    <li>
      <p>{reasonOf(refused)}</p>
      <For each={wordsOf(refused)}>
        {([field, text]) => (
          <textarea
            aria-label={field}
            dir="auto"
            value={text}
            readonly={isGone(refused)}
            onInput={(event) => put(field, event.currentTarget.value)}
          />
        )}
      </For>
      <div class="dialog-foot">
        <button class="btn quiet" onClick={() => void dismiss(refused.command.id)}>
          Throw away
        </button>
        <Show when={!isGone(refused)}>
          <button class="btn" onClick={() => void again(refused, words())}>
            Save
          </button>
        </Show>
      </div>
    </li>
  );
};
