import { createSignal } from "solid-js";
import { authorize, call } from "../../api/client";
import { Refusal } from "../../api/refusal";
import type { Account, LogIn, Register, SignedIn } from "../../api/schema";
import type { Token } from "../../sync/live";
import { kept } from "../../ui/kept";

// The access token lives in memory alone; the cookie that renews it is closed to scripts.
let held: Token | undefined;
let renewing: Promise<string | undefined> | undefined;

// Renewed so many milliseconds before it ends, so that no call is refused for it.
const EARLY = 30_000;
const PATIENCE = 3;

/** Who is signed in: remembered from the last visit until the server has answered; undefined: nobody. */
const [user, setUser] = createSignal<Account | undefined>(remembered());
const [notice, setNotice] = createSignal<string>();
export { notice, user };

export async function signIn(by: LogIn): Promise<void> {
  enter(await call("post", "/api/v1/auth/login", { body: by, anonymous: true }));
}

export async function register(by: Register): Promise<void> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  enter(await call("post", "/api/v1/auth/register", { body: { time_zone: timeZone, ...by }, anonymous: true }));
}

export async function signOut(): Promise<void> {
  await call("post", "/api/v1/auth/logout", { tries: PATIENCE, body: {} });
  for (const what of WORDS) kept.write(ownName(what), undefined);
  leave();
}

/** The access token and when it ends; `refused`: one that the server did not take. Undefined: nobody is signed in. */
export async function access(refused?: string): Promise<Token | undefined> {
  const good = refused === undefined ? await token() : await renew(refused);
  return good === undefined ? undefined : held;
}

/** The session was ended elsewhere. What this device holds stays, for the same person to go on with. */
export const signedOut = (): void => leave("You have been signed out. Sign in to go on.");

async function token(): Promise<string | undefined> {
  return held && Date.now() < held.until - EARLY ? held.token : renew(held?.token);
}

async function renew(old: string | undefined): Promise<string | undefined> {
  if (held && held.token !== old) return held.token;
  renewing ??= alone(refresh).finally(() => (renewing = undefined));
  return renewing;
}

async function refresh(): Promise<string | undefined> {
  try {
    enter(await call("post", "/api/v1/auth/refresh", { anonymous: true, tries: PATIENCE }));
    return held?.token;
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    signedOut();
    return undefined;
  }
}

/** One tab at a time: each refresh makes the next cookie. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request("taskflow-refresh", work) as Promise<T>) : work();
}

function enter(tokens: SignedIn): void {
  const before = user();
  held = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 };
  kept.write("user", JSON.stringify(tokens.user));
  setNotice(undefined);
  if (before && before.id !== tokens.user.id) location.reload();
  else if (before?.name !== tokens.user.name || before.email !== tokens.user.email) setUser(tokens.user);
}

function leave(why?: string): void {
  held = undefined;
  kept.write("user", undefined);
  setNotice(why);
  setUser(undefined);
}

/** What a person has typed that is no change yet. */
const WORDS = ["draft", "typed"] as const;

/** Under which name it is kept: another one who signs in here does not see it. */
export const ownName = (what: (typeof WORDS)[number]): string => `${what}:${user()?.id}`;

function remembered(): Account | undefined {
  const text = kept.read("user");
  return text ? (JSON.parse(text) as Account) : undefined;
}

// Another tab signed out, or in as somebody else.
addEventListener("storage", ({ key }) => {
  if (key === "taskflow:user" && remembered()?.id !== user()?.id) location.reload();
});

authorize({ token, renew });
