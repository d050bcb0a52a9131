import { type Component, createSignal, Show } from "solid-js";
import { Refusal, sentence } from "../../api/refusal";
import { Mark } from "../../ui/Mark";
import { Field } from "./Field";
import { notice, register, signIn } from "./session";
import "./sessions.css";

type Member = "name" | "email" | "password";
type Wrong = Partial<Record<Member | "form", string>>;

const EMPTY: Record<Member, string> = {
  name: "Type your name.",
  email: "Type your email address.",
  password: "Type a password.",
};

export const SignIn: Component = () => {
  const [fresh, setFresh] = createSignal(location.hash === "#register");
  const [wrong, setWrong] = createSignal<Wrong>({});
  const [busy, setBusy] = createSignal(false);
  let form!: HTMLFormElement;

  const turn = () => {
    setFresh(!fresh());
    setWrong({});
    focus(form, fresh() ? "name" : "email");
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy()) return;
    const typed = Object.fromEntries(new FormData(form)) as Record<Member, string>;
    const missing = gaps(typed);
    setWrong(missing);
    if (!Object.keys(missing).length) {
      setBusy(true);
      await (fresh() ? register : signIn)(typed).catch((error: unknown) =>
        setWrong(faults(error, Object.keys(typed) as Member[])),
      );
      setBusy(false);
    }
    const [first] = Object.keys(wrong());
    if (first && first !== "form") focus(form, first as Member);
  };

  return (
    <main class="sign-in">
      <form ref={form} onSubmit={submit} novalidate aria-labelledby="sign-in-title">
        <Mark />
        <h1 id="sign-in-title">{fresh() ? "Make an account" : "Sign in"}</h1>
        <Show when={notice()}>
          <p class="sign-in-notice" role="status">
            {notice()}
          </p>
        </Show>
        <Show when={fresh()}>
          <Field name="name" label="Name" autocomplete="name" wrong={wrong().name} />
        </Show>
        <Field
          name="email"
          label="Email"
          type="email"
          autocomplete={fresh() ? "email" : "username"}
          wrong={wrong().email}
          focused
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete={fresh() ? "new-password" : "current-password"}
          hint={fresh() ? "8 characters or more" : undefined}
          wrong={wrong().password}
        />
        <p class="sign-in-wrong" role="alert">
          {wrong().form}
        </p>
        <button class="btn wide" type="submit" aria-disabled={busy()}>
          {fresh() ? "Make account" : "Sign in"}
        </button>
        <p class="sign-in-turn">
          {fresh() ? "Have an account?" : "New here?"}{" "}
          <button type="button" class="link" onClick={turn}>
            {fresh() ? "Sign in" : "Make an account"}
          </button>
        </p>
      </form>
    </main>
  );
};

function gaps(typed: Record<string, string>): Wrong {
  return Object.fromEntries(
    Object.entries(typed)
      .filter(([, value]) => !value.trim())
      .map(([name]) => [name, EMPTY[name as Member]]),
  );
}

/** Each fault where it happened; what belongs to no field stands above the button. */
function faults(error: unknown, members: Member[]): Wrong {
  if (!(error instanceof Refusal)) return { form: sentence(error) };
  const placed = members.flatMap((name) => (error.at(name) ? [[name, error.at(name)]] : []));
  return placed.length ? (Object.fromEntries(placed) as Wrong) : { form: sentence(error) };
}

function focus(form: HTMLFormElement, name: Member): void {
  queueMicrotask(() => form.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus());
}
