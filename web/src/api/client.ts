import type { Problem } from "./schema";
import type { Body, Method, Ok, Params, Path } from "./shapes";
import { Refusal, Unreachable } from "./refusal";

interface Keeper {
  token(): Promise<string | undefined>;
  /** A new token after `old` was refused; undefined: the session is over. */
  renew(old: string | undefined): Promise<string | undefined>;
}

interface Request<P extends Path, M extends Method> {
  path?: Params<P, M, "path">;
  query?: Params<P, M, "query">;
  body?: Body<P, M>;
  /** How often an unanswered request is sent; more than once only where a repeat changes nothing. */
  tries?: number;
  /** Who is asked is not known yet, or no matter. */
  anonymous?: boolean;
  /** Gives the request up. */
  signal?: AbortSignal;
}

let keeper: Keeper = { token: async () => undefined, renew: async () => undefined };
export const authorize = (by: Keeper) => void (keeper = by);

/** The body of a good answer. Throws Refusal for any other, Unreachable for none. */
export async function call<P extends Path, M extends Method>(
  method: M,
  path: P,
  { tries = 1, anonymous = false, signal, ...request }: Request<P, M> = {},
): Promise<Ok<P, M>> {
  const url = fill(path, request.path ?? {}, request.query ?? {});
  const token = anonymous ? undefined : await keeper.token();
  let answer = await send(method, url, request.body, token, tries, signal);
  if (answer.status === 401 && !anonymous) {
    const renewed = await keeper.renew(token);
    if (renewed) answer = await send(method, url, request.body, renewed, tries, signal);
  }
  if (!answer.ok) throw await refused(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as Ok<P, M>;
}

function fill(path: string, params: object, query: object): string {
  const filled = Object.entries(params).reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(String(value))),
    path,
  );
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
  );
  return asked.size ? `${filled}?${asked}` : filled;
}

async function send(
  method: string,
  url: string,
  body: unknown,
  token: string | undefined,
  tries: number,
  signal?: AbortSignal,
): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  for (let tried = 1; ; tried++) {
    const wait = 400 * 3 ** (tried - 1);
    try {
      const answer = await fetch(url, {
        method: method.toUpperCase(),
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
      if (answer.status !== 503 || tried >= tries) return answer;
    } catch {
      if (tried >= tries) throw new Unreachable();
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}

async function refused(answer: Response): Promise<Refusal> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  return new Refusal(answer.status, problem, Number(answer.headers.get("Retry-After")) || undefined);
}
