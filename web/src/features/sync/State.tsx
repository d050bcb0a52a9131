import { type Component, createEffect, createSignal, onCleanup, Show } from "solid-js";
import { online, standing } from "./here";
import "./sync.css";

const SLOW = 400;

/** One small mark of how this device stands. A change that is saved at once shows nothing on the way. */
export const State: Component<{ unsaved: number; onLook: () => void }> = (props) => {
  const slow = whereSlow(() => standing().waiting > 0);
  const off = () => !online() || standing().away;
  const words = () => {
    const { waiting, upgrade } = standing();
    const left = waiting && `${changes(waiting)} waiting`;
    if (off()) return [online() ? "No connection" : "Offline", left].filter(Boolean).join(", ");
    if (upgrade) return `${changes(upgrade)} waiting for a newer server`;
    return slow() ? "Saving" : "Saved";
  };
  return (
    <p class="state" data-pending={standing().waiting} classList={{ off: off() || props.unsaved > 0 }}>
      <i />
      <Show when={props.unsaved} fallback={words()}>
        <button class="link" onClick={() => props.onLook()}>
          {changes(props.unsaved)} not saved
        </button>
      </Show>
    </p>
  );
};

const changes = (count: number) => (count === 1 ? "1 change" : `${count} changes`);

/** True once something has been so for a while. */
export function whereSlow(is: () => boolean): () => boolean {
  const [slow, setSlow] = createSignal(false);
  createEffect(() => {
    const some = is();
    const timer = setTimeout(() => setSlow(some), some ? SLOW : 0);
    onCleanup(() => clearTimeout(timer));
  });
  return slow;
}
