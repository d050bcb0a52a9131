import type { Component } from "solid-js";
import { Dialog } from "../../ui/Dialog";
import { remove } from "./changes";
import { closeTask, stepOff } from "./moving";
import { setDeleting } from "./panels";
import { held } from "./store";
import { openId } from "./views";

/** Asks, because a deleted task does not come back, and names it. */
export const Deletion: Component<{ id: string }> = (props) => {
  const confirm = (event: SubmitEvent) => {
    if ((event.submitter as HTMLButtonElement).value !== "delete") return;
    const { id } = props;
    queueMicrotask(() => {
      if (openId() === id) closeTask();
      stepOff(id);
      void remove(id);
    });
  };
  return (
    <Dialog title={`Delete “${held.tasks[props.id]?.title}”?`} class="narrow" onClose={() => setDeleting(undefined)}>
      <p>It will be gone for good.</p>
      <form method="dialog" class="dialog-foot" onSubmit={confirm}>
        <button class="btn quiet" value="keep">
          Keep it
        </button>
        <button class="btn danger" value="delete" autofocus>
          Delete
        </button>
      </form>
    </Dialog>
  );
};
