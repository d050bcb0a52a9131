import { change, remove, setStatus, undoLast } from "./changes";
import { beginAdding, closeTask, meant, move, openTask, stepOff } from "./moving";
import { setDating, setHelping } from "./panels";
import { held, neighbour } from "./store";
import { openId, shows, type Status, view } from "./views";

/** Key, what it does: what the help sheet shows. */
export const KEYS: [keys: string[], does: string][] = [
  [["Q", "C"], "Add a task"],
  [["J", "↓"], "Next task"],
  [["K", "↑"], "Previous task"],
  [["Enter"], "Open the task"],
  [["E"], "Done, or open again"],
  [["S"], "Start, or stop"],
  [["T"], "Date"],
  [["1", "2", "3", "4"], "Priority, or none"],
  [["Del"], "Delete"],
  [["Z"], "Undo"],
  [["Esc"], "Close; a draft is kept"],
  [["?"], "Show these keys"],
];

const TEXT = "textarea, select, input:not([type=radio]), [contenteditable]";

export function onKey(event: KeyboardEvent): void {
  const at = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || at.matches(TEXT)) return;
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (/^(Arrow|Enter)/.test(event.key) && at.matches("input, button, select")) return;
  const done = general(event.key) || ofTask(event.key, meant());
  if (done) event.preventDefault();
}

function general(key: string): boolean {
  switch (key.toLowerCase()) {
    case "q":
    case "c":
      beginAdding();
      return true;
    case "j":
    case "arrowdown":
      move(1);
      return true;
    case "k":
    case "arrowup":
      move(-1);
      return true;
    case "z":
      undoLast();
      return true;
    case "?":
      setHelping(true);
      return true;
    case "escape":
      if (openId()) closeTask();
      return true;
    default:
      return false;
  }
}

function ofTask(key: string, id: string | undefined): boolean {
  const task = id && held.tasks[id];
  if (!task) return false;
  switch (key.toLowerCase()) {
    case "e":
      turn(task.id, task.status === "done" ? "todo" : "done");
      return true;
    case "s":
      turn(task.id, task.status === "in_progress" ? "todo" : "in_progress");
      return true;
    case "t":
      setDating({ id: task.id, anchor: anchor(task.id) });
      return true;
    case "1":
    case "2":
    case "3":
    case "4":
      void change(task.id, { priority: 4 - Number(key) });
      return true;
    case "delete":
      discard(task.id);
      return true;
    case "enter":
      if (document.activeElement === document.body) openTask(task.id);
      return document.activeElement === document.body;
    default:
      return false;
  }
}

/** The circle's and the key's way to another status: the focus moves on before the row goes. */
export function turn(id: string, status: Status): void {
  const [task, now] = [held.tasks[id], view()];
  if (task && now && !shows(now, { ...task, status })) stepOff(id);
  setStatus(id, status);
}

/** Away with it, and with what lies open of it. */
export function discard(id: string): void {
  if (openId() === id) closeTask(neighbour(id, 1) ?? neighbour(id, -1));
  stepOff(id);
  remove(id);
}

function anchor(id: string): Element {
  const of = (place: string) => document.querySelector(`${place}[data-task="${id}"]`);
  const inDetail = document.activeElement?.closest(".detail") ? of(".detail")?.querySelector(".due-button") : undefined;
  return inDetail ?? of(".row")?.querySelector(".meta") ?? document.body;
}
