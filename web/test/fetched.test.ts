import assert from "node:assert/strict";
import test from "node:test";
import { Fetched, type Shown } from "../src/sync/fetched";

/** Answers that come when the test says so. */
function server() {
  const asked: { path: string; answer: (value: unknown) => void; fail: (error: unknown) => void }[] = [];
  const ask = (path: string) => new Promise<unknown>((answer, fail) => asked.push({ path, answer, fail }));
  return { asked, ask };
}

const settled = () => new Promise((done) => setImmediate(done));
const PATH = "/api/v1/activity";

test("two who ask the same at once share one request", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask);
  const seen: Shown<string>[] = [];
  fetched.subscribe<string>(PATH, { task: "a", limit: 5 }, (shown) => seen.push(shown));
  fetched.subscribe<string>(PATH, { limit: 5, task: "a", cursor: undefined }, (shown) => seen.push(shown));

  assert.equal(asked.length, 1);
  asked[0]!.answer("news");
  await settled();

  assert.equal(asked.length, 1);
  assert.deepEqual(seen.slice(-2), [
    { value: "news", fetching: false },
    { value: "news", fetching: false },
  ]);
});

test("what was there is shown at once while newer is asked for", async () => {
  const { asked, ask } = server();
  let now = 0;
  const fetched = new Fetched(ask, { fresh: 1000, now: () => now });
  fetched.subscribe(PATH, {}, () => {})();
  asked[0]!.answer("old");
  await settled();
  now = 1000;

  const seen: Shown<string>[] = [];
  fetched.subscribe<string>(PATH, {}, (shown) => seen.push(shown));
  asked[1]!.answer("new");
  await settled();

  assert.deepEqual(seen, [
    { value: "old", fetching: true },
    { value: "new", fetching: false },
  ]);
});

test("an old answer is asked for again, also where the clock was set back", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 10_000_000 });
  const { asked, ask } = server();
  const fetched = new Fetched(ask, { fresh: 0 });
  fetched.subscribe(PATH, {}, () => {})();
  asked[0]!.answer("old");
  await settled();

  t.mock.timers.setTime(1000);
  fetched.subscribe(PATH, {}, () => {});

  assert.equal(asked.length, 2);
});

test("a fresh answer is not asked for again", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask, { fresh: 1000, now: () => 0 });
  fetched.subscribe(PATH, {}, () => {})();
  asked[0]!.answer("fresh");
  await settled();

  const seen: Shown<string>[] = [];
  fetched.subscribe<string>(PATH, {}, (shown) => seen.push(shown));

  assert.equal(asked.length, 1);
  assert.deepEqual(seen, [{ value: "fresh", fetching: false }]);
});

test("an answer that fails leaves what was there, and says why", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask);
  fetched.subscribe(PATH, {}, () => {});
  asked[0]!.answer("old");
  await settled();
  const why = new Error("away");

  const refreshed = fetched.refresh(PATH);
  asked[1]!.fail(why);
  await refreshed;

  assert.deepEqual(fetched.read(PATH), { value: "old", error: why, fetching: false });
});

test("what is out of date while it is on its way is asked for once more", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask);
  fetched.subscribe(PATH, {}, () => {});

  fetched.invalidate("/api/v1/activity");
  fetched.invalidate("/api/v1/activity");
  asked[0]!.answer("before");
  await settled();
  asked[1]!.answer("after");
  await settled();

  assert.equal(asked.length, 2);
  assert.deepEqual(fetched.read(PATH), { value: "after", fetching: false });
});

test("only so many answers are kept that nobody looks at", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask, { most: 2 });
  for (const q of ["a", "b", "c"]) {
    fetched.subscribe("/api/v1/search", { q }, () => {})();
    asked.at(-1)!.answer(q);
    await settled();
  }

  const kept = ["a", "b", "c"].map((q) => fetched.read("/api/v1/search", { q }).value);

  assert.deepEqual(kept, [undefined, "b", "c"]);
});

test("who comes after sees nothing of who was here before, not even a late answer", async () => {
  const { asked, ask } = server();
  const fetched = new Fetched(ask);
  fetched.subscribe(PATH, {}, () => {});

  fetched.clear();
  asked[0]!.answer("private");
  await settled();

  assert.deepEqual(fetched.read(PATH), { fetching: false });
});
