import { type Component, createSignal, For, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { Popover } from "../../ui/Popover";
import { setTheme, theme, THEMES } from "../../ui/theme";
import { user } from "./session";
import "./sessions.css";

const NAMES = { system: "System", light: "Light", dark: "Dark" };

/** Whose tasks these are, and what belongs to the person: theme, keys, signing out. */
export const Account: Component<{ onHelp: () => void; onLeave: () => void }> = (props) => {
  const [anchor, setAnchor] = createSignal<Element>();
  return (
    <>
      <button
        class="who"
        aria-haspopup="dialog"
        aria-expanded={Boolean(anchor())}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <span class="face" aria-hidden="true">
          {initials(user()?.name ?? "")}
        </span>
        <span class="sr-only">Account of</span>
        <span class="who-name" dir="auto">
          {user()?.name}
        </span>
        <Icon name="down" />
      </button>
      <Show when={anchor()} keyed>
        {(at) => (
          <Popover label="Account" anchor={at} onClose={() => setAnchor(undefined)}>
            <p class="account-mail">{user()?.email}</p>
            <ThemeChoice />
            <hr />
            <button
              class="item"
              onClick={(event) => {
                close(event);
                props.onHelp();
              }}
            >
              <Icon name="keys" />
              Keys<kbd>?</kbd>
            </button>
            <a class="item" href="/api/docs" target="_blank">
              <Icon name="note" />
              API
            </a>
            <hr />
            <button
              class="item"
              onClick={(event) => {
                close(event);
                props.onLeave();
              }}
            >
              <Icon name="left" />
              Sign out
            </button>
          </Popover>
        )}
      </Show>
    </>
  );
};

const ThemeChoice: Component = () => (
  <fieldset class="segments" aria-label="Theme">
    <For each={THEMES}>
      {(name) => (
        <label>
          <input type="radio" name="theme" checked={theme() === name} onChange={() => setTheme(name)} />
          <span>{NAMES[name]}</span>
        </label>
      )}
    </For>
  </fieldset>
);

const close = (event: MouseEvent) => (event.currentTarget as Element).closest<HTMLElement>("[popover]")?.hidePopover();

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
