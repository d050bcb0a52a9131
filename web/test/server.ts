import { Refusal, Unreachable } from "../src/api/refusal";
import type { Answer, Row } from "../src/sync/protocol";
import { Dice } from "./chance";
import type { Rows, World } from "./histories";

/** People on a real server. */
export class Person {
  constructor(
    readonly url: string,
    readonly id: string,
    readonly token: string,
    readonly refresh: string,
  ) {}

  static async register(url: string): Promise<Person> {
    const body = { email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery 9", name: "Ada" };
    const nobody = new Person(url, "", "", "");
    const { user, access_token, refresh_token } = await nobody.call<Registered>("POST", "/auth/register", body);
    return new Person(url, user.id, access_token, refresh_token);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = {
      "Content-Type": "application/json",
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
    };
    const sent = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.url}/api/v1${path}`, sent);
    const told = (answer.status === 204 ? {} : await answer.json()) as object;
    if (answer.status === 503) throw new Unreachable();
    if (!answer.ok) throw new Refusal(answer.status, told);
    return told as T;
  }

  readonly transport = {
    exchange: (cursors: object, commands: readonly object[]) =>
      this.call<Answer>("POST", "/sync", { cursors, commands }),
  };

  readonly rows = async (space: string): Promise<Rows> => {
    const kinds = ["tasks", "projects", "labels", "sections", "comments"] as const;
    const listed = await Promise.all(kinds.map(async (kind) => [kind, await this.list(`/${kind}`, space)] as const));
    return Object.fromEntries(listed);
  };

  private async list(path: string, space: string): Promise<Row[]> {
    const found: Row[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Listed = await this.call("GET", `${path}?space=${space}&limit=200${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    return found;
  }
}

interface Registered {
  user: { id: string };
  access_token: string;
  refresh_token: string;
}
interface Listed {
  items: Row[];
  next_cursor: string | null;
}

/** Somebody with several devices, who moves things from one space to another. */
export async function single(url: string): Promise<World> {
  const person = await Person.register(url);
  const space = await person.call<{ id: string }>("POST", "/spaces", { name: "House" });
  return { accounts: [person], spaces: () => [person.id, space.id] };
}

/** Somebody who has more than is told at once. */
export async function collector(url: string): Promise<World> {
  const world = await single(url);
  const [person] = world.accounts;
  const [, space_id] = world.spaces(person!.id);
  for (let call = 0; call < 6; call++) {
    const commands = Array.from({ length: 100 }, (_, nth) => {
      const args = { id: crypto.randomUUID(), title: `${call} ${nth}`, space_id };
      return { id: crypto.randomUUID(), type: "create_task", v: 1, args };
    });
    await person!.transport.exchange({}, commands);
  }
  return world;
}

/** Two people who share a space, beside their own; one of them is not always in it. */
export async function team(url: string): Promise<World> {
  const [owner, guest] = [await Person.register(url), await Person.register(url)];
  const space = await owner.call<{ id: string }>("POST", "/spaces", { name: "Team" });
  const at = `space=${space.id}`;
  let isIn = false;
  const invite = async () => {
    const invited = await owner.call<{ token: string }>("POST", `/invitations?${at}`, { role: "editor" });
    await guest.call("POST", "/invitations/accept", { token: invited.token });
  };
  const turn = async (dice: Dice) => {
    const by = isIn ? dice.pick([owner, guest]) : undefined;
    await (by ? by.call("DELETE", `/members/${guest.id}?${at}`) : invite());
    isIn = !by;
    return by === owner ? "put out" : by ? "left" : "came back";
  };
  await turn(new Dice(0));
  const spaces = (account: string) => [account, ...(isIn || account === owner.id ? [space.id] : [])];
  return { accounts: [owner, guest], spaces, turn };
}
