import { type Component, createEffect, createMemo, For, onCleanup, onMount, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { look, online, standing } from "../sync/here";
import { whereSlow } from "../sync/State";
import { Empty } from "./Empty";
import { byDate } from "./groups";
import { beginAdding, keepFocus } from "./moving";
import { Row } from "./Row";
import { held, listed, most, showMore } from "./store";
import { sort, view } from "./views";

export const List: Component = () => {
  keepFocus();
  const groups = createMemo(() => (sort() === "due" ? byDate(listed(), most()) : []));
  const ids = () => listed().slice(0, most()).map(({ id }) => id);
  return (
    <>
      <Loading />
      <Show when={sort() === "due"} fallback={<ul class="rows">{rows(ids)}</ul>}>
        <For each={groups().map(({ name }) => name)}>
          {(name) => {
            const group = createMemo(() => groups().find((one) => one.name === name));
            return (
              <section aria-labelledby={`group-${name}`}>
                <h2 class="group" id={`group-${name}`} classList={{ late: group()?.late ?? false }}>
                  {name}
                  <span class="num">{group()?.count}</span>
                </h2>
                <ul class="rows">{rows(() => group()?.ids ?? [], name)}</ul>
              </section>
            );
          }}
        </For>
      </Show>
      <Show when={standing().whole && !listed().length}>
        <Empty />
      </Show>
      <Show when={listed().length && view()?.path !== "/done"}>
        <button class="add-row" onClick={beginAdding}>
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

/** The first time on this device: all that there is comes; afterwards it is here. */
const Loading: Component = () => {
  const isStuck = () => !standing().whole && (standing().away || !online());
  const slow = whereSlow(() => !standing().whole && !isStuck());
  return (
    <>
      <Show when={isStuck()}>
        <p class="trouble" role="alert">
          {online()
            ? "The server does not answer: not all of your tasks are here."
            : "You are offline: not all of your tasks are here."}{" "}
          <button class="link" onClick={look}>
            Try again
          </button>
        </p>
      </Show>
      <p class="loading" role="status">
        <Show when={slow()}>Loading your tasks: {Object.keys(held.tasks).length.toLocaleString("en")}</Show>
      </p>
    </>
  );
};

/** Comes near, and more of the list is put on the page. */
const More: Component = () => {
  let end!: HTMLDivElement;
  onMount(() => {
    const eye = new IntersectionObserver(([entry]) => entry?.isIntersecting && showMore(), { rootMargin: "800px" });
    onCleanup(() => eye.disconnect());
    // To observe anew is to be told anew: one screenful may not be enough.
    createEffect(() => {
      eye.unobserve(end);
      if (most() < listed().length) eye.observe(end);
    });
  });
  return <div ref={end} class="more" />;
};
