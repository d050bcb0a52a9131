import { type Component, createSignal, onMount, Show } from "solid-js";
import { Icon } from "../../ui/Icon";
import { newId } from "../../sync/ids";
import { say, sayWrong } from "../../ui/toast";
import { add } from "./changes";
import { clearDraft, draft, setDraft } from "./draft";
import { DueMenu } from "./DueMenu";
import { dateWords } from "./dates";
import { focusRow, isInSight } from "./moving";
import { setAdding } from "./panels";
import { Priority } from "./Priority";
import { type Status, STATUS_NAMES, view } from "./views";

// Each is shown by itself, and kept by itself: more than this is an import.
const MOST_LINES = 200;

/** Stays open after Enter for the next one; Escape keeps what was typed. */
export const Add: Component = () => {
  const [anchor, setAnchor] = createSignal<Element>();
  const [lines, setLines] = createSignal<string[]>([]);
  const back = document.activeElement;
  let words!: HTMLTextAreaElement;
  onMount(() => {
    words.focus();
    words.setSelectionRange(draft.title.length, draft.title.length);
  });
  const paste = (event: ClipboardEvent) => {
    const found = (event.clipboardData?.getData("text/plain") ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    setLines(found.length > 1 && found.length <= MOST_LINES ? found : []);
    if (found.length <= MOST_LINES) return;
    event.preventDefault(); // a title would hold the first few of them
    sayWrong(`${found.length} lines are too many at once. Paste up to ${MOST_LINES}.`);
  };
  const addLines = () => {
    make(lines());
    setLines([]);
    words.focus();
  };
  const close = () => {
    if (back instanceof HTMLElement) back.focus();
    setAdding(false);
  };
  const submit = (event?: Event) => {
    event?.preventDefault();
    make([draft.title.trim()].filter(Boolean));
    words.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.isComposing && event.target === words) submit(event);
    if (event.key === "Escape" && !anchor()) close();
  };
  return (
    <>
      <form class="quick" aria-label="Add a task" onSubmit={submit} on:keydown={onKeyDown}>
        <textarea
          ref={words}
          class="say"
          rows={1}
          aria-label="Title"
          placeholder="What is to be done?"
          maxlength={500}
          dir="auto"
          enterkeyhint="done"
          value={draft.title}
          onPaste={paste}
          onInput={(event) => setDraft({ title: event.currentTarget.value.replace(/\s*\n\s*/gu, " ") })}
        />
        <Show when={lines().length}>
          <p class="lines" role="status">
            {lines().length} lines were pasted.
            <button type="button" class="chip set" onClick={addLines}>
              Add {lines().length} tasks
            </button>
            <button
              type="button"
              class="chip"
              onClick={() => {
                setLines([]);
                words.focus();
              }}
            >
              Keep as one
            </button>
          </p>
        </Show>
        <div class="read">
          <button
            type="button"
            class="chip"
            classList={{ set: Boolean(draft.due) }}
            aria-haspopup="dialog"
            onClick={(event) => setAnchor(event.currentTarget)}
          >
            <Icon name="calendar" />
            {draft.due ? dateWords(draft.due) : "Date"}
          </button>
          <Priority value={draft.priority} onPick={(priority) => setDraft({ priority })} />
        </div>
        <div class="foot">
          <span class="grow keys-only">
            <kbd>Enter</kbd> adds <kbd>Esc</kbd> closes and keeps the draft
          </span>
          <button type="button" class="btn quiet" onClick={close}>
            Close
          </button>
          <button type="submit" class="btn">
            Add task
          </button>
        </div>
      </form>
      <Show when={anchor()} keyed>
        {(at) => (
          <DueMenu
            anchor={at}
            date={draft.due ?? undefined}
            onPick={(due) => setDraft({ due })}
            onClose={() => {
              setAnchor(undefined);
              words.focus();
            }}
          />
        )}
      </Show>
    </>
  );
};

function make(titles: string[]): void {
  if (!titles.length) return;
  const shared = { priority: draft.priority, status: statusHere(), ...(draft.due && { due_date: draft.due }) };
  clearDraft();
  const made = titles.map((title) => ({ id: newId(), title, ...shared }));
  for (const task of made) void add(task).then((done) => done ?? giveBack(task.title));
  tellWhere(made.at(-1)!);
}

/** What this device could not keep is a draft again. */
const giveBack = (title: string) => setDraft({ title: [draft.title, title].filter(Boolean).join(" ") });

/** Where it went, if that is not to be seen. */
function tellWhere({ id, title, status }: { id: string; title: string; status: Status }): void {
  if (!view()?.statuses.includes(status)) say(`“${title}” is under ${STATUS_NAMES[status]}`);
  else
    requestAnimationFrame(
      () => isInSight(id) || say(`“${title}” is further down`, { name: "Show", run: () => focusRow(id) }),
    );
}

/** A task added where work is under way is under way; one added among the done is still to do. */
const statusHere = (): Status => (view()?.path === "/in-progress" ? "in_progress" : "todo");
