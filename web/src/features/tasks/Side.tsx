import { type Component, For, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { hrefWith, route } from "../../ui/route";
import { phone } from "../../ui/media";
import { Account } from "../sessions/Account";
import { leaveOrAsk } from "../sync/leaving";
import { State } from "../sync/State";
import { draft } from "./draft";
import { beginAdding } from "./moving";
import { adding, setHelping, setRefusing } from "./panels";
import { unsaved } from "./refusals";
import { VIEWS } from "./views";

/** The side bar of a desktop. */
export const Side: Component = () => (
  <header class="side">
    <Account onHelp={() => setHelping(true)} onLeave={() => void leaveOrAsk()} />
    <button class="nav add" onClick={beginAdding}>
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
    <Show when={!phone()}>
      <State unsaved={unsaved().length} onLook={() => setRefusing(true)} />
    </Show>
  </header>
);

/** The bar at a phone's foot. */
export const Foot: Component = () => (
  <nav class="phone" aria-label="Tasks">
    <Links short />
    <button class="phone-add" aria-label="Add a task" onClick={beginAdding}>
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
