import { type Component, createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { Empty } from "./Empty";
import { byDate } from "./groups";
import { setAdding } from "./panels";
import { Row } from "./Row";
import { asking, cursor, listed, load, loadMore, trouble } from "./store";
import { sort, view } from "./views";

// Looked at again after a while away, the list asks what has changed.
const STALE = 30_000;
const SLOW = 500;

export const List: Component = () => {
  createEffect(on([view, sort], () => void load()));
  refreshOnReturn();
  const groups = createMemo(() => (sort() === "due" ? byDate(listed(), cursor() === null) : []));
  return (
    <>
      <Show when={trouble()}>
        <p class="trouble" role="alert">
          Your tasks could not be loaded. {trouble()}{" "}
          <button class="link" onClick={() => void load()}>
            Try again
          </button>
        </p>
      </Show>
      <Show when={sort() === "due"} fallback={<ul class="rows">{rows(() => listed().map(({ id }) => id))}</ul>}>
        <For each={groups().map(({ name }) => name)}>
          {(name) => {
            const group = createMemo(() => groups().find((one) => one.name === name));
            return (
              <section aria-labelledby={`group-${name}`}>
                <h2 class="group" id={`group-${name}`} classList={{ late: group()?.late ?? false }}>
                  {name}
                  <Show when={group()?.whole}>
                    <span class="num">{group()?.ids.length}</span>
                  </Show>
                </h2>
                <ul class="rows">{rows(() => group()?.ids ?? [], name)}</ul>
              </section>
            );
          }}
        </For>
      </Show>
      <Show when={cursor() === null && !listed().length}>
        <Empty />
      </Show>
      <Show when={cursor() === null && listed().length && view()?.path !== "/done"}>
        <button class="add-row" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Add a task
        </button>
      </Show>
      <More />
    </>
  );
};

const rows = (ids: () => string[], group?: string) => (
  <For each={ids()}>{(id) => <Row id={id} {...(group && { group })} />}</For>
);

/** Comes near, and the next page is fetched; says so only where that takes long. */
const More: Component = () => {
  let end!: HTMLDivElement;
  const [slow, setSlow] = createSignal(false);
  onMount(() => {
    const eye = new IntersectionObserver(([entry]) => entry?.isIntersecting && void loadMore(), {
      rootMargin: "800px",
    });
    onCleanup(() => eye.disconnect());
    // To observe anew is to be told anew: one page may not be enough.
    createEffect(() => {
      eye.unobserve(end);
      if (cursor() && !asking()) eye.observe(end);
    });
  });
  createEffect(() => {
    const timer = setTimeout(() => setSlow(asking()), SLOW);
    if (!asking()) setSlow(false);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div ref={end} class="more" role="status">
      <Show when={slow()}>Loading your tasks</Show>
    </div>
  );
};

function refreshOnReturn(): void {
  let left = Date.now();
  const look = () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > STALE) void load();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("online", load);
  onCleanup(() => {
    document.removeEventListener("visibilitychange", look);
    removeEventListener("online", load);
  });
}
