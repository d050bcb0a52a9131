import { type Component, For } from "solid-js";
import { Dialog } from "../../ui/Dialog";
import { KEYS } from "./keys";
import { setHelping } from "./panels";

export const Help: Component = () => (
  <Dialog title="Keys" onClose={() => setHelping(false)}>
    <dl class="keys">
      <For each={KEYS}>
        {([keys, does]) => (
          <div>
            <dt>{does}</dt>
            <dd>
              <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
            </dd>
          </div>
        )}
      </For>
    </dl>
    <form method="dialog" class="dialog-foot">
      <span class="grow">They do nothing while you type.</span>
      <button class="btn quiet" autofocus>
        Close
      </button>
    </form>
  </Dialog>
);
