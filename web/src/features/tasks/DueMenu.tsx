import { type Component, For, Show } from "solid-js";
import { Popover } from "../../ui/Popover";
import { Calendar } from "./Calendar";
import { addDays, nextMonday, shortDate, shortWeekday, today } from "./dates";

interface Props {
  anchor: Element;
  date: string | undefined;
  onPick: (date: string | null) => void;
  onClose: () => void;
}

/** The dates mostly meant, then a month to choose from. */
export const DueMenu: Component<Props> = (props) => {
  const presets = () => [
    { name: "Today", date: today(), hint: shortWeekday(today()) },
    { name: "Tomorrow", date: addDays(today(), 1), hint: shortWeekday(addDays(today(), 1)) },
    { name: "Next week", date: nextMonday(today()), hint: shortDate(nextMonday(today())) },
  ];
  const pick = (date: string | null, from: Element) => {
    props.onPick(date);
    from.closest<HTMLElement>("[popover]")?.hidePopover();
  };
  return (
    <Popover label="Due date" anchor={props.anchor} onClose={props.onClose}>
      <For each={presets()}>
        {({ name, date, hint }) => (
          <button
            type="button"
            class="item"
            aria-pressed={props.date === date}
            onClick={(event) => pick(date, event.currentTarget)}
          >
            {name}
            <small>{hint}</small>
          </button>
        )}
      </For>
      <Show when={props.date}>
        <button type="button" class="item" onClick={(event) => pick(null, event.currentTarget)}>
          No date
        </button>
      </Show>
      <hr />
      <Calendar date={props.date} onPick={pick} />
    </Popover>
  );
};
