import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "node:test";
import { Refusal, Unreachable } from "../src/api/refusal";
import { http } from "../src/sync/http";

const { fetch } = globalThis;
const servers: Server[] = [];
afterEach(() => {
  globalThis.fetch = fetch;
  for (const server of servers.splice(0)) (server.closeAllConnections(), server.close());
});

/** A page that comes from a server which answers so. */
async function from(answer: RequestListener): Promise<void> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as AddressInfo;
  globalThis.fetch = (path, options) => fetch(`http://127.0.0.1:${port}${String(path)}`, options);
}

test("cursors and commands are posted, and what is answered comes back", async () => {
  const sent: unknown[] = [];
  await from(async (request, answer) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    sent.push(request.method, request.url, JSON.parse(Buffer.concat(parts).toString()));
    answer.end(JSON.stringify({ results: [], spaces: {} }));
  });

  const answer = await http.exchange({ home: "7" }, []);

  assert.deepEqual(answer, { results: [], spaces: {} });
  assert.deepEqual(sent, ["POST", "/api/v1/sync", { cursors: { home: "7" }, commands: [] }]);
});

for (const [what, answering] of [
  [
    "that is cut off",
    (answer) => (answer.writeHead(200, { "Content-Length": "1000" }), answer.write("{"), answer.destroy()),
  ],
  ["that is cut off before it begins", (answer) => answer.destroy()],
  ["of a page where one signs in to the network", (answer) => answer.end("<!doctype html>")],
] as [string, (answer: Parameters<RequestListener>[1]) => void][]) {
  test(`an answer ${what} is none`, async () => {
    await from((_, answer) => answering(answer));

    await assert.rejects(http.exchange({}, []), Unreachable);
  });
}

test("an answer that takes more than a minute is none, and its line is let go", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let closed: Promise<void> | undefined;
  const reached = new Promise<void>((tell) => {
    void from((request) => {
      closed = new Promise((gone) => request.socket.once("close", gone));
      tell();
    }).then(() => (answered = assert.rejects(http.exchange({}, []), Unreachable)));
  });
  let answered: Promise<void> | undefined;
  await reached;

  t.mock.timers.tick(60_000);

  await answered;
  await closed;
});

test("a problem is the server's word, with when it is worth asking again", async () => {
  await from((_, answer) => {
    answer.writeHead(429, { "Content-Type": "application/problem+json", "Retry-After": "7" });
    answer.end(JSON.stringify({ code: "rate_limited", status: 429 }));
  });

  const error = await http.exchange({}, []).catch((refusal: unknown) => refusal);

  assert.ok(error instanceof Refusal);
  assert.deepEqual([error.status, error.problem.code, error.after], [429, "rate_limited", 7]);
});
