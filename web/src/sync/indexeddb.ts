import { deleteDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Kind } from "./protocol";
import type { Changes, Durability, Queued, Refused, SpaceState, Store, Stored, StoredRow } from "./store";

/** The store of one account on this device; all tabs share it. */
export interface DeviceStore extends Store {
  watch(listener: (changes: Changes) => void): () => void;
  close(): void;
}

interface Tables extends DBSchema {
  spaces: { key: string; value: SpaceState };
  rows: { key: [space: string, kind: Kind, id: string]; value: StoredRow };
  queue: { key: string; value: Queued };
  refused: { key: string; value: Refused };
  /** The latest writes by their number, from 1: other tabs take from it what they have not seen. */
  log: { key: number; value: Changes };
}
type Mode = "readonly" | "readwrite";
type Work<M extends Mode> = IDBPTransaction<Tables, typeof TABLES, M>;

const TABLES: ("spaces" | "rows" | "queue" | "refused" | "log")[] = ["spaces", "rows", "queue", "refused", "log"];
const VERSION = 1;
const LOG_MOST = 16; // writes, of up to a mebibyte each; a tab that is further behind reads all again

/**
 * Opens the account's store. `outdated`: a tab of a newer release waits to change the form of the store, and this one
 * has let go of it, or the browser has taken it away: load the page again.
 */
export async function openStore(account: string, outdated: () => void = () => {}): Promise<DeviceStore> {
  const name = nameOf(account);
  const database: IDBPDatabase<Tables> = await openDB<Tables>(name, VERSION, {
    upgrade: create,
    blocking: () => {
      database.close();
      outdated();
    },
    terminated: outdated,
  });
  return new Shared(database, new BroadcastChannel(name));
}

/** Removes all that the account has on this device, what was not sent too. */
export const forget = (account: string): Promise<void> => deleteDB(nameOf(account));

const nameOf = (account: string) => `taskflow:${account}`;

function create(database: IDBPDatabase<Tables>): void {
  database.createObjectStore("spaces", { keyPath: "space" });
  database.createObjectStore("rows", { keyPath: ["space", "kind", "row.id"] });
  database.createObjectStore("queue", { keyPath: "id" });
  database.createObjectStore("refused", { keyPath: "command.id" });
  database.createObjectStore("log", { autoIncrement: true });
}

class Shared implements DeviceStore {
  private readonly listeners = new Set<(changes: Changes) => void>();
  /** The number of the last write that this tab has seen. */
  private seen = 0;
  private readonly names = new Names();
  private turn: Promise<unknown> = Promise.resolve();
  /** It will: another message says nothing new. */
  private isToLook = false;

  constructor(
    private readonly database: IDBPDatabase<Tables>,
    private readonly channel: BroadcastChannel,
  ) {
    channel.onmessage = this.look;
    addEventListener("pageshow", this.look); // back from where no message comes
  }

  read(): Promise<Stored> {
    return this.inTurn(async () => {
      const work = this.database.transaction(TABLES, "readonly");
      const [stored, number] = await Promise.all([readAll(work), lastNumber(work)]);
      this.seen = number;
      this.names.reset(stored);
      return stored;
    });
  }

  write(plan: () => Changes, durability: Durability = "relaxed"): Promise<void> {
    return this.inTurn(async () => {
      const work = this.database.transaction(TABLES, "readwrite", { durability });
      try {
        await this.hear(work);
        const changes = plan();
        const number = await put(work, changes);
        await work.done;
        this.names.absorb(changes);
        this.seen = number;
      } catch (error) {
        await abort(work);
        throw error;
      }
      this.channel.postMessage("written");
    });
  }

  watch(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    removeEventListener("pageshow", this.look);
    this.channel.close();
    this.database.close();
  }

  /** Closed meanwhile: nobody is to be told. */
  private readonly look = () => {
    if (!this.isToLook) void this.catchUp().catch(() => {});
  };

  private catchUp(): Promise<void> {
    this.isToLook = true;
    return this.inTurn(async () => {
      this.isToLook = false;
      const work = this.database.transaction(TABLES, "readonly");
      await this.hear(work);
    });
  }

  /** Tells what other tabs have written since, in its order. */
  private async hear(work: Work<Mode>): Promise<void> {
    const log = work.objectStore("log");
    const after = IDBKeyRange.lowerBound(this.seen, true);
    const [numbers, changes] = await Promise.all([log.getAllKeys(after), log.getAll(after)]);
    const isWhole = !numbers.length || numbers[0] === this.seen + 1;
    const missed = isWhole ? changes : [this.names.replacedBy(await readAll(work))];
    this.seen = numbers.at(-1) ?? this.seen;
    for (const one of missed) this.tell(one);
  }

  private tell(changes: Changes): void {
    this.names.absorb(changes);
    for (const listener of this.listeners) listener(changes);
  }

  /** One at a time: a tab hears of writes, its own too, in the order of their numbers. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }
}

async function readAll(work: Work<Mode>): Promise<Stored> {
  const [spaces, rows, queue, refused] = await Promise.all([
    work.objectStore("spaces").getAll(),
    work.objectStore("rows").getAll(),
    work.objectStore("queue").getAll(),
    work.objectStore("refused").getAll(),
  ]);
  return { spaces, rows, queue, refused };
}

const lastNumber = async (work: Work<Mode>): Promise<number> =>
  (await work.objectStore("log").openKeyCursor(null, "prev"))?.key ?? 0;

/** Makes all of the changes in the order that Changes tells; the number of the write. */
async function put(work: Work<"readwrite">, changes: Changes): Promise<number> {
  const [spaces, rows] = [work.objectStore("spaces"), work.objectStore("rows")];
  const [queue, refused, log] = [work.objectStore("queue"), work.objectStore("refused"), work.objectStore("log")];
  const number = log.add(changes);
  const made = [
    ...(changes.drop ?? []).flatMap((space) => [spaces.delete(space), rows.delete(ofSpace(space))]),
    ...(changes.spaces ?? []).map((state) => spaces.put(state)),
    ...(changes.rows ?? []).map((row) => rows.put(row)),
    ...(changes.gone ?? []).map(({ space, kind, id }) => rows.delete([space, kind, id])),
    ...(changes.queue ?? []).map((queued) => queue.put(queued)),
    ...(changes.unqueue ?? []).map((id) => queue.delete(id)),
    ...(changes.refuse ?? []).map((one) => refused.put(one)),
    ...(changes.dismiss ?? []).map((id) => refused.delete(id)),
  ];
  await Promise.all([number, ...made]);
  await log.delete(IDBKeyRange.upperBound((await number) - LOG_MOST));
  return number;
}

const ofSpace = (space: string) => IDBKeyRange.bound([space], [space, []]);

async function abort(work: Work<"readwrite">): Promise<void> {
  try {
    work.abort();
  } catch {
    // It has ended by itself.
  }
  await work.done.catch(() => {});
}

/** What a tab believes to be there, by name: what is no longer in the store is taken out where it reads all again. */
class Names {
  private readonly spaces = new Set<string>();
  private readonly queue = new Set<string>();
  private readonly refused = new Set<string>();

  reset(stored: Stored): void {
    for (const names of [this.spaces, this.queue, this.refused]) names.clear();
    this.absorb(asChanges(stored));
  }

  absorb({ drop, spaces, queue, unqueue, refuse, dismiss }: Changes): void {
    for (const space of drop ?? []) this.spaces.delete(space);
    for (const { space } of spaces ?? []) this.spaces.add(space);
    for (const { id } of queue ?? []) this.queue.add(id);
    for (const id of unqueue ?? []) this.queue.delete(id);
    for (const { command } of refuse ?? []) this.refused.add(command.id);
    for (const id of dismiss ?? []) this.refused.delete(id);
  }

  /** Changes that leave nothing but what is stored. */
  replacedBy(stored: Stored): Changes {
    const [queue, refused] = [ids(stored.queue), ids(stored.refused.map(({ command }) => command))];
    return {
      ...asChanges(stored),
      drop: [...this.spaces],
      unqueue: [...this.queue].filter((id) => !queue.has(id)),
      dismiss: [...this.refused].filter((id) => !refused.has(id)),
    };
  }
}

const asChanges = ({ spaces, rows, queue, refused }: Stored): Changes => ({ spaces, rows, queue, refuse: refused });
const ids = (things: readonly { id: string }[]) => new Set(things.map(({ id }) => id));
