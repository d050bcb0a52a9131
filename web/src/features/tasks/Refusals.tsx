import { type Component, createEffect, For } from "solid-js";
import { Dialog } from "../../ui/Dialog";
import { dismiss } from "../sync/here";
import { setRefusing } from "./panels";
import { again, reasonOf, unsaved, wordsOf } from "./refusals";

/** The words that the server did not take, and why: each can be sent once more, or thrown away. */
export const Refusals: Component = () => {
  createEffect(() => !unsaved().length && setRefusing(false));
  return (
    <Dialog title="Not saved" onClose={() => setRefusing(false)}>
      <ul class="refusals">
        <For each={unsaved()}>
          {(refused) => (
            <li>
              <p>{reasonOf(refused)}</p>
              <q dir="auto">{wordsOf(refused)}</q>
              <div class="dialog-foot">
                <button class="btn quiet" onClick={() => void dismiss(refused.command.id)}>
                  Throw away
                </button>
                <button class="btn" onClick={() => void again(refused)}>
                  Save again
                </button>
              </div>
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
};
