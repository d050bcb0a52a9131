import { type Component, createSignal, For, Index } from "solid-js";
import { Icon } from "../../ui/Icon";
import { addDays, fullDate, monthName, shortWeekday, today, weekdayOf } from "./dates";

interface Props {
  date: string | undefined;
  onPick: (date: string, from: Element) => void;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const WEEKS = [0, 1, 2, 3, 4, 5];
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** One month as a grid: arrows go by day and week, Page Up and Page Down by month, Enter chooses. */
export const Calendar: Component<Props> = (props) => {
  const [at, setAt] = createSignal(props.date ?? today());
  let grid!: HTMLTableElement;
  const first = () => `${at().slice(0, 8)}01`;
  const start = () => addDays(first(), -weekdayOf(first()));
  const turn = (by: 1 | -1) => setAt(sameDay(first(), by, Number(at().slice(8))));
  const walk = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step) setAt(addDays(at(), step));
    else if (event.key === "PageUp" || event.key === "PageDown") turn(event.key === "PageUp" ? -1 : 1);
    else return;
    event.preventDefault();
    queueMicrotask(() => grid.querySelector<HTMLElement>("[tabindex='0']")?.focus());
  };
  return (
    <div class="calendar">
      <div class="calendar-top">
        <span aria-live="polite">{monthName(at())}</span>
        <button type="button" class="tool" aria-label="Previous month" onClick={() => turn(-1)}>
          <Icon name="left" />
        </button>
        <button type="button" class="tool" aria-label="Next month" onClick={() => turn(1)}>
          <Icon name="right" />
        </button>
      </div>
      <table ref={grid} role="grid" aria-label={monthName(at())} on:keydown={walk}>
        <thead>
          <tr>
            <For each={DAYS}>{(day) => <th scope="col">{shortWeekday(addDays(start(), day)).slice(0, 2)}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <Index each={WEEKS}>
            {(week) => (
              <tr>
                <Index each={DAYS}>
                  {(day) => {
                    const date = () => addDays(start(), week() * 7 + day());
                    return (
                      <td role="gridcell" aria-selected={date() === props.date}>
                        <button
                          type="button"
                          class="day num"
                          classList={{
                            out: date().slice(0, 7) !== at().slice(0, 7),
                            now: date() === today(),
                            set: date() === props.date,
                          }}
                          tabindex={date() === at() ? 0 : -1}
                          aria-label={fullDate(date())}
                          onClick={(event) => props.onPick(date(), event.currentTarget)}
                        >
                          {Number(date().slice(8))}
                        </button>
                      </td>
                    );
                  }}
                </Index>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </div>
  );
};

/** The same day of the month before or after, or its last one. */
function sameDay(first: string, by: 1 | -1, day: number): string {
  const month = addDays(first, by === 1 ? 31 : -1).slice(0, 8);
  const last = Number(addDays(`${addDays(`${month}01`, 31).slice(0, 8)}01`, -1).slice(8));
  return `${month}${String(Math.min(day, last)).padStart(2, "0")}`;
}
