import { type Component, createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { online, pending } from "../../api/pending";
import { Icon } from "../../ui/Icon";
import { hrefWith, route } from "../../ui/route";
import { Account } from "../sessions/Account";
import { draft } from "./draft";
import { adding, setAdding, setHelping } from "./panels";
import { held } from "./store";
import { VIEWS } from "./views";

/** The side bar of a desktop. */
export const Side: Component = () => (
  <header class="side">
    <Account onHelp={() => setHelping(true)} />
    <button class="nav add" onClick={() => setAdding(true)}>
      <Icon name="plus" />
      <b>Add task</b>
      <Show when={draft.title && !adding()}>
        <span class="nav-note">draft</span>
      </Show>
      <kbd>Q</kbd>
    </button>
    <nav aria-label="Tasks">
      <Links short={false} />
    </nav>
    <State />
  </header>
);

/** The bar at a phone's foot. */
export const Foot: Component = () => (
  <nav class="phone" aria-label="Tasks">
    <Links short />
    <button class="phone-add" aria-label="Add a task" onClick={() => setAdding(true)}>
      <Icon name="plus" />
    </button>
  </nav>
);

const Links: Component<{ short: boolean }> = (props) => (
  <For each={VIEWS}>
    {(to) => (
      <a
        class="nav"
        href={hrefWith({ task: null, sort: null }, to.path)}
        aria-current={route().path === to.path ? "page" : undefined}
      >
        <Icon name={to.icon} />
        <b>{props.short ? to.short : to.name}</b>
      </a>
    )}
  </For>
);

/** One small mark. A change that is saved at once shows nothing on the way. */
const State: Component = () => {
  const [slow, setSlow] = createSignal(false);
  createEffect(() => {
    const some = pending() > 0;
    const timer = setTimeout(() => setSlow(some), some ? 400 : 0);
    onCleanup(() => clearTimeout(timer));
  });
  const unsaved = () => Object.keys(held.unsaved).length;
  const words = () => {
    if (unsaved()) return `${unsaved()} not saved`;
    if (!online()) return "Offline";
    return slow() ? "Saving" : "Saved";
  };
  return (
    <p class="state" data-pending={pending()} classList={{ off: Boolean(unsaved()) || !online() }}>
      <i />
      {words()}
    </p>
  );
};
