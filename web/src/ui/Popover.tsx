import { onMount, type ParentComponent } from "solid-js";

interface Props {
  label: string;
  /** What it belongs to: it stands below, or above where there is no room; at the foot of a phone. */
  anchor: Element;
  onClose: () => void;
}

const GAP = 4;

/** The browser's own popover: it closes on Escape and on a click elsewhere, and gives the focus back. */
export const Popover: ParentComponent<Props> = (props) => {
  let box!: HTMLDivElement;
  const back = document.activeElement;
  onMount(() => {
    box.showPopover();
    place(box, props.anchor);
    box.querySelector<HTMLElement>("[autofocus], button, input, a")?.focus();
  });
  return (
    <div
      ref={box}
      class="popover"
      popover="auto"
      role="dialog"
      aria-label={props.label}
      on:keydown={walk}
      on:toggle={(event: ToggleEvent) => {
        if (event.newState !== "closed") return;
        if (document.activeElement === document.body && back instanceof HTMLElement) back.focus();
        props.onClose();
      }}
    >
      {props.children}
    </div>
  );
};

function place(box: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight;
  const start = getComputedStyle(box).direction === "rtl" ? at.right - width : at.left;
  box.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
  box.style.top = `${below ? at.bottom + GAP : Math.max(8, at.top - GAP - height)}px`;
}

/** Up and down go through what can be pressed. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const box = event.currentTarget as HTMLElement;
  if (!step || (event.target as Element).matches("input:not([type=radio]), [role=grid] *")) return;
  const all = [...box.querySelectorAll<HTMLElement>("button:not([tabindex='-1']), a, input")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  all[(at + step + all.length) % all.length]?.focus();
}
