import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Contents, memoryStore } from "../src/sync/memory";
import { goodFor, Listener } from "./listener";
import { Person } from "./server";

const URL = process.env.SERVED!;
const listeners: Listener[] = [];
after(() => listeners.forEach((listener) => listener.stop()));

async function listener(...given: ConstructorParameters<typeof Listener>): Promise<Listener> {
  const made = new Listener(...given);
  listeners.push(made);
  return made.listen();
}

const task = (title: string, description = "") => {
  const args = { id: crypto.randomUUID(), title, description };
  return { id: crypto.randomUUID(), type: "create_task", v: 1, args };
};

test("what another device does comes by itself, and no call is made for it", async () => {
  const ada = await Person.register(URL);
  const device = await listener(ada);

  await ada.call("POST", "/tasks", { title: "Milk" });

  await device.sees(() => device.titles().includes("Milk"));
  assert.equal(device.calls, 0);
});

test("a token is renewed on the same socket, which goes on", async () => {
  const ada = await Person.register(URL);
  const { access_token } = await ada.call<{ access_token: string }>("POST", "/auth/refresh", {
    refresh_token: ada.refresh,
  });
  const device = await listener(ada, [goodFor(20_500, ada.token), goodFor(900_000, access_token)]);

  await device.sees(() => device.said.length > 1);
  await ada.call("POST", "/tasks", { title: "Milk" });

  await device.sees(() => device.titles().includes("Milk"));
  assert.deepEqual(
    device.said.map((hello) => hello.access_token),
    [ada.token, access_token],
  );
  assert.equal(device.sockets, 1);
});

test("a token that is no good is asked for anew", async () => {
  const ada = await Person.register(URL);

  const device = await listener(ada, [goodFor(900_000, "x.y.z"), goodFor(900_000, ada.token)]);

  assert.deepEqual(device.refused, [undefined, "x.y.z"]);
  assert.equal(device.sockets, 2);
});

test("a session that is ended elsewhere is signed out at once, and what it held stays", async () => {
  const ada = await Person.register(URL);
  await ada.call("POST", "/tasks", { title: "Milk" });
  const device = await listener(ada);

  await ada.call("POST", "/auth/logout", { refresh_token: ada.refresh });

  await device.sees(() => device.isSignedOut);
  assert.equal(device.sockets, 1);
  assert.equal(device.isLive, false);
  assert.deepEqual(device.titles(), ["Milk"]);
});

test("what is too much to be pushed is fetched by a call, and the socket goes on from there", async () => {
  const ada = await Person.register(URL);
  const device = await listener(ada);

  await ada.transport.exchange(
    {},
    Array.from({ length: 100 }, (_, nth) => task(`No ${nth}`, "long ".repeat(400))),
  );
  await device.sees(() => device.titles().length === 100);
  await device.sees(() => device.said.length > 1);
  const { calls } = device;
  await ada.call("POST", "/tasks", { title: "Milk" });
  await device.sees(() => device.titles().includes("Milk"));

  assert.ok(device.heard.includes("stale"));
  assert.ok(calls > 0);
  assert.equal(device.calls, calls);
});

test("the space of a member who is put out goes away, and comes back whole with them", async () => {
  const [ada, mia] = [await Person.register(URL), await Person.register(URL)];
  const { id } = await ada.call<{ id: string }>("POST", "/spaces", { name: "Team" });
  const invite = async () => {
    const { token } = await ada.call<{ token: string }>("POST", `/invitations?space=${id}`, { role: "editor" });
    await mia.call("POST", "/invitations/accept", { token });
  };
  await ada.call("POST", `/tasks?space=${id}`, { title: "Milk" });
  await invite();
  const device = await listener(mia);
  assert.deepEqual(device.titles(id), ["Milk"]);

  await ada.call("DELETE", `/members/${mia.id}?space=${id}`);
  await device.sees(() => !device.engine.spaces().includes(id));
  assert.deepEqual(device.titles(id), []);
  await ada.call("POST", `/tasks?space=${id}`, { title: "Bread" });
  await invite();

  await device.sees(() => device.titles(id).length === 2);
  assert.equal(device.sockets, 1);
});

test("a cursor that the server does not know begins the space anew", async () => {
  const ada = await Person.register(URL);
  await ada.call("POST", "/tasks", { title: "Milk" });
  const contents = new Contents();
  const row = { id: crypto.randomUUID(), seq: 7, title: "of another server", label_ids: [] };
  contents.rows.set("one", { space: ada.id, kind: "tasks", row });
  contents.spaces.set(ada.id, { space: ada.id, cursor: "of another server", at: 7, complete: true });

  const device = await listener(ada, undefined, memoryStore(contents));

  assert.deepEqual(device.titles(), ["Milk"]);
});

test("many changes by several devices at once are all seen, in the end", async () => {
  const ada = await Person.register(URL);
  const devices = await Promise.all([1, 2, 3].map(() => listener(ada)));

  await Promise.all(
    devices.map(async ({ engine }, nth) => {
      for (let each = 0; each < 10; each++) {
        await engine.do("create_task", { title: `${nth} ${each}` });
        await engine.sync();
      }
    }),
  );

  for (const device of devices) await device.sees(() => device.titles().length === 30);
});
