import { Refusal, Unreachable } from "../src/api/refusal";
import type { Answer, Row } from "../src/sync/protocol";
import type { Rows, World } from "./histories";

/** People on a real server. */
export class Person {
  constructor(
    private readonly url: string,
    readonly id: string,
    private readonly token: string,
  ) {}

  static async register(url: string): Promise<Person> {
    const body = { email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery 9", name: "Ada" };
    const { user, access_token } = await new Person(url, "", "").call<Registered>("POST", "/auth/register", body);
    return new Person(url, user.id, access_token);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = {
      "Content-Type": "application/json",
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
    };
    const sent = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.url}/api/v1${path}`, sent);
    const told = (await answer.json()) as object;
    if (answer.status === 503) throw new Unreachable();
    if (!answer.ok) throw new Refusal(answer.status, told);
    return told as T;
  }

  readonly transport = {
    exchange: (cursors: object, commands: readonly object[]) =>
      this.call<Answer>("POST", "/sync", { cursors, commands }),
  };

  async rows(space: string): Promise<Rows> {
    const list = (path: string) => this.list(path, space);
    const [tasks, projects, labels] = await Promise.all(["/tasks?", "/projects?", "/labels?"].map(list));
    const [sections, comments] = await Promise.all([
      each(projects!, ({ id }) => list(`/sections?project=${id}&`)),
      each(tasks!, ({ id }) => list(`/comments?task=${id}&`)),
    ]);
    return { tasks: tasks!, projects: projects!, labels: labels!, sections, comments };
  }

  private async list(path: string, space: string): Promise<Row[]> {
    const found: Row[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Listed = await this.call("GET", `${path}space=${space}&limit=200${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    return found;
  }
}

interface Registered {
  user: { id: string };
  access_token: string;
}
interface Listed {
  items: Row[];
  next_cursor: string | null;
}

async function each(rows: Row[], list: (row: Row) => Promise<Row[]>): Promise<Row[]> {
  return (await Promise.all(rows.map(list))).flat();
}

/** Somebody with several devices. */
export async function single(url: string): Promise<World> {
  const person = await Person.register(url);
  return { accounts: [person], spaces: () => [person.id] };
}

/** Two people who share a space, beside their own. */
export async function team(url: string): Promise<World> {
  const accounts = [await Person.register(url), await Person.register(url)] as const;
  const [owner, guest] = accounts;
  const space = await owner.call<{ id: string }>("POST", "/spaces", { name: "Team" });
  const invited = await owner.call<{ token: string }>("POST", `/invitations?space=${space.id}`, { role: "editor" });
  await guest.call("POST", "/invitations/accept", { token: invited.token });
  return { accounts, spaces: (account) => [account, space.id, space.id] };
}
