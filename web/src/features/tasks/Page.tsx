import { type Component, createEffect, For, on, onCleanup, onMount, Show } from "solid-js";
import { narrow, phone } from "../../ui/media";
import { go, hrefWith } from "../../ui/route";
import { hush } from "../../ui/toast";
import { Account } from "../sessions/Account";
import { user } from "../sessions/session";
import { attend } from "../sync/here";
import { leaveNow, leaveOrAsk, losing, stay } from "../sync/leaving";
import { SigningOut } from "../sync/SigningOut";
import { State } from "../sync/State";
import { Add } from "./Add";
import { change, forgetUndos } from "./changes";
import { Detail } from "./Detail";
import { DueMenu } from "./DueMenu";
import { readDraft } from "./draft";
import { dateOf, fullDate, today } from "./dates";
import { Help } from "./Help";
import { onKey } from "./keys";
import { List } from "./List";
import { focusAgain } from "./moving";
import { type Sort, SORTS } from "./order";
import { adding, closePanels, dating, helping, isCovered, refusing, setDating, setHelping, setRefusing } from "./panels";
import { Refusals } from "./Refusals";
import { tellRefusals, unsaved } from "./refusals";
import { Foot, Side } from "./Side";
import { follow, held } from "./store";
import { saveAllTyped } from "./typed";
import { openId, sort, type View, view } from "./views";
import "./tasks.css";
import "./detail.css";

export const Page: Component = () => {
  readDraft();
  onMount(() => document.addEventListener("keydown", onKey));
  keepInStep(user()!.id);
  saveAllTyped();
  tellRefusals();
  onCleanup(() => {
    document.removeEventListener("keydown", onKey);
    closePanels();
    forgetUndos();
    hush();
  });
  createEffect(on(() => isCovered() || losing() > 0, (is, was) => was && !is && queueMicrotask(focusAgain)));
  createEffect(() => (document.title = `${view()?.name ?? "Not found"} · TaskFlow`));
  return (
    <div class="app" classList={{ with: Boolean(openId()) }}>
      <Side />
      <main class="page">
        <div class="main" inert={Boolean(openId()) && narrow()}>
          <div class="column">
            <Show when={view()} keyed fallback={<Lost />}>
              {(now) => (
                <>
                  <Top view={now} />
                  <Show when={adding()}>
                    <Add />
                  </Show>
                  <List />
                </>
              )}
            </Show>
          </div>
        </div>
        <Show when={openId()}>{(id) => <Detail id={id()} />}</Show>
      </main>
      <Foot />
      <Show when={dating()} keyed>
        {({ id, anchor }) => (
          <DueMenu
            anchor={anchor}
            date={held.tasks[id] && dateOf(held.tasks[id])}
            onPick={(date) => setDate(id, date)}
            onClose={() => setDating(undefined)}
          />
        )}
      </Show>
      <Show when={refusing()}>
        <Refusals />
      </Show>
      <Show when={losing()}>
        <SigningOut lost={losing()} onLeave={() => void leaveNow()} onClose={stay} />
      </Show>
      <Show when={helping()}>
        <Help />
      </Show>
    </div>
  );
};

const Top: Component<{ view: View }> = (props) => (
  <div class="top">
    <h1>{props.view.name}</h1>
    <p class="grow">{fullDate(today())}</p>
    <label class="sort">
      <span class="sr-only">Order</span>
      <select
        value={sort()}
        onChange={(event) =>
          go(hrefWith({ sort: event.currentTarget.value === props.view.sort ? null : event.currentTarget.value }), {
            replace: true,
          })
        }
      >
        <For each={Object.entries(SORTS) as [Sort, string][]}>
          {([value, name]) => (
            <option value={value} selected={sort() === value}>
              {name}
            </option>
          )}
        </For>
      </select>
    </label>
    <Show when={phone()}>
      <State unsaved={unsaved().length} onLook={() => setRefusing(true)} />
    </Show>
    <div class="top-account">
      <Account onHelp={() => setHelping(true)} onLeave={() => void leaveOrAsk()} />
    </div>
  </div>
);

const Lost: Component = () => (
  <div class="empty">
    <h2>Nothing is at this address</h2>
    <p>
      Your tasks are <a href="/">here</a>.
    </p>
  </div>
);

/** A date takes the place of a time, where there was one: a task has the one or the other. */
function setDate(id: string, date: string | null): void {
  void change(id, { due_date: date, ...(held.tasks[id]?.due_at && { due_at: null, due_zone: null }) });
}

function keepInStep(account: string): void {
  let end = () => {};
  onCleanup(attend(account, (engine) => (end = follow(engine, account))));
  onCleanup(() => end());
}
