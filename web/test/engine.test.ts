import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal, Unreachable } from "../src/api/refusal";
import { createEngine } from "../src/sync/engine";
import { memoryStore } from "../src/sync/memory";
import { pauseAfter } from "../src/sync/pause";
import type { Answer, Command, Result } from "../src/sync/protocol";
import { Dice } from "./chance";

const HOME = "00000000-0000-4000-8000-000000000001";
const SAID = "00000000-0000-4000-8000-000000000003";
const TEAM = "00000000-0000-4000-8000-000000000002";
type Reply = (commands: readonly Command[], call: number) => Answer;

/** An engine, and all the commands it has sent, call by call. */
async function engineOf(reply: Reply) {
  const calls: Command[][] = [];
  const exchange = async (_: unknown, commands: readonly Command[]) => reply(commands, calls.push([...commands]));
  const account = { id: HOME, space: HOME };
  const engine = createEngine({ store: memoryStore(), transport: { exchange }, account, chance: new Dice(1) });
  await engine.open();
  return { engine, calls };
}

const page = (seq: number, more = false, tasks: object[] = []) =>
  ({ cursor: String(seq), seq, more, resync: false, tasks }) as Answer["spaces"][string];
const answer = (results: Result[], seq = 0, more = false): Answer => ({ results, spaces: { [HOME]: page(seq, more) } });
const no = ({ id }: Command, code: string, told = {}): Result => {
  return { id, ok: false, problem: { code, status: 409, title: "", detail: "", request_id: "", ...told } };
};
const yes = ({ id }: Command, seq: number): Result => ({ id, ok: true, seq });

test("what is done shows at once, and what is refused leaves no trace but its reason", async () => {
  const { engine } = await engineOf((commands) => answer(commands.map((command) => no(command, "task_exists"))));

  const done = engine.do("create_task", { title: "Milk" });
  assert.equal(engine.all("tasks")[0]?.title, "Milk");
  const id = await done;
  await engine.sync();

  assert.deepEqual(engine.all("tasks"), []);
  assert.deepEqual(
    engine.refused().map(({ command, problem }) => [command.id, problem.code]),
    [[id, "task_exists"]],
  );
});

test("an accepted change stays on the screen until the whole base has it", async () => {
  const { engine } = await engineOf((commands, call) =>
    answer(
      commands.map((each) => yes(each, 1)),
      1,
      call === 1,
    ),
  );
  await engine.do("create_task", { title: "Milk" });

  await engine.ask();
  assert.equal(engine.all("tasks").length, 1);
  await engine.ask();

  assert.equal(engine.all("tasks").length, 0); // this server has told of no such row
});

test("what was moved is sent again there, as another command", async () => {
  const { engine, calls } = await engineOf(([command], call) =>
    answer(command ? [call === 1 ? no(command, "moved", { space_id: TEAM }) : yes(command, 1)] : []),
  );
  await engine.do("update_task", { id: HOME, title: "Milk" }, { base: 7 });

  await engine.sync();

  const [[first], [second]] = calls as [[Command], [Command]];
  assert.notEqual(first.id, second.id);
  assert.deepEqual([second.args.space_id, second.args.title, second.base], [TEAM, "Milk", undefined]);
});

test("what builds on something that was sent to another space follows it there, also in a later call", async () => {
  const { engine, calls } = await engineOf((commands, call) => {
    const isThere = ({ args }: Command) => args.space_id === TEAM;
    const results = commands.map((each) => {
      if (isThere(each)) return yes(each, 1);
      return each.type === "create_comment" ? no(each, "moved", { space_id: TEAM }) : no(each, "comment_not_found");
    });
    if (call === 1) void engine.do("delete_comment", { id: SAID });
    return answer(results);
  });
  await engine.do("create_comment", { id: SAID, task_id: HOME, body: "Milk" });
  await engine.do("update_comment", { id: SAID, body: "Oat milk" });

  await engine.sync();

  const there = calls.flat().filter(({ args }) => args.space_id === TEAM);
  assert.deepEqual(
    there.map(({ type }) => type),
    ["create_comment", "update_comment", "delete_comment"],
  );
  assert.deepEqual(engine.refused(), []);
});

test("what a newer server is needed for is kept, and what builds on it waits", async () => {
  const { engine, calls } = await engineOf((commands) =>
    answer(commands.map((each) => no(each, each.type === "fold_task" ? "upgrade_required" : "task_not_found"))),
  );
  await engine.do<string>("fold_task", { id: HOME });
  await engine.do("update_task", { id: HOME, title: "Milk" });

  await engine.sync();

  assert.deepEqual(engine.status(), { state: "idle", waiting: 2, upgrade: 1 });
  assert.deepEqual(engine.refused(), []);
  assert.equal(calls.flat().length, 2);
});

test("a command that spoils the whole call is found, and the others are run", async () => {
  const { engine } = await engineOf((commands) => {
    if (commands.some(({ args }) => args.title === "bad")) throw new Refusal(422, { code: "invalid", status: 422 });
    return answer(
      commands.map((command) => yes(command, 1)),
      1,
    );
  });
  for (const title of ["a", "b", "bad", "c", "d"]) await engine.do("create_task", { title });

  await engine.sync();

  assert.deepEqual(
    engine.refused().map(({ command }) => command.args.title),
    ["bad"],
  );
  assert.equal(engine.status().waiting, 0);
});

test("the engine asks again after failures, and at once when something is done, until it is stopped", async () => {
  const pauses: number[] = [];
  const sleep = (pause: number, until: AbortSignal): Promise<void> => {
    pauses.push(pause);
    if (pauses.length < 3) return Promise.resolve();
    return new Promise((done) => until.addEventListener("abort", () => done()));
  };
  const chance = Object.assign(new Dice(1), { sleep, random: () => 0.5 });
  let calls = 0;
  const exchange = async (_: unknown, commands: readonly Command[]) => {
    if (++calls < 3) throw new Unreachable();
    return answer(
      commands.map((command) => yes(command, 1)),
      1,
    );
  };
  const account = { id: HOME, space: HOME };
  const engine = createEngine({ store: memoryStore(), transport: { exchange }, account, chance });
  const settled = () => new Promise((done) => setTimeout(done));

  await engine.start();
  await settled();
  assert.deepEqual(pauses, [250, 500, 60_000]);
  await engine.do("create_task", { title: "Milk" });
  await settled();
  engine.stop();
  await settled();

  assert.equal(engine.status().waiting, 0);
  assert.equal(calls, 4);
});

test("failures wait longer each time, by chance below the double, and as long as the server says", () => {
  const longest = [1, 2, 3, 20].map((failures) => pauseAfter(failures, undefined, { random: () => 1 }));

  assert.deepEqual(longest, [500, 1000, 2000, 60_000]);
  assert.equal(pauseAfter(3, undefined, { random: () => 0 }), 0);
  assert.equal(pauseAfter(1, new Refusal(429, {}, 7), { random: () => 0 }), 7000);
});
