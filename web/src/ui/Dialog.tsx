import { createUniqueId, onCleanup, onMount, type ParentComponent } from "solid-js";

interface Props {
  title: string;
  class?: string;
  onClose: () => void;
}

/** The browser's own modal dialog: it holds the focus, gives it back, and closes on Escape or a click beside it. */
export const Dialog: ParentComponent<Props> = (props) => {
  let dialog!: HTMLDialogElement;
  const heading = createUniqueId();
  onMount(() => dialog.showModal());
  onCleanup(() => dialog.close()); // gives the focus back
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ""}`}
      aria-labelledby={heading}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog && dialog.close()}
    >
      <div class="dialog-body">
        <h2 id={heading} dir="auto">
          {props.title}
        </h2>
        {props.children}
      </div>
    </dialog>
  );
};
