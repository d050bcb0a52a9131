import type { Component } from "solid-js";
import { Dialog } from "../../ui/Dialog";

/** Asks, because what the server has not taken goes with the account's copy on this device. */
export const SigningOut: Component<{ lost: number; onLeave: () => void; onClose: () => void }> = (props) => (
  <Dialog
    title={props.lost === 1 ? "Sign out and lose a change?" : `Sign out and lose ${props.lost} changes?`}
    class="narrow"
    onClose={() => props.onClose()}
  >
    <p>The server has not taken {props.lost === 1 ? "it" : "them"} yet. Signing out removes your tasks from this device.</p>
    <form
      method="dialog"
      class="dialog-foot"
      onSubmit={(event) => (event.submitter as HTMLButtonElement).value === "leave" && props.onLeave()}
    >
      <button class="btn quiet" value="stay" autofocus>
        Stay
      </button>
      <button class="btn danger" value="leave">
        Sign out
      </button>
    </form>
  </Dialog>
);
