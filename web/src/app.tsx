import { type Component, Show } from "solid-js";
import { SignIn } from "./features/sessions/SignIn";
import { user } from "./features/sessions/session";
import { Page } from "./features/tasks/Page";
import { Toast } from "./ui/toast";

export const App: Component = () => (
  <>
    <Show when={user()?.id} keyed fallback={<SignIn />}>
      <Page />
    </Show>
    <Toast />
  </>
);
