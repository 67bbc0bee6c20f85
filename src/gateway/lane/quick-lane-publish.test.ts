import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { sendJson } from "../testing/fake-node.ts";
import { bodyOf, createLaneBed, headersOf, headRoot, inFlight, isQuick, patientNode } from "../testing/lane-bed.ts";

const { start, connection, stop } = createLaneBed();
afterEach(stop);

const publishHead = "POST /eth/v2/beacon/pool/attestations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const publishing = (body: string) => `${publishHead}Content-Length: ${body.length}\r\n\r\n${body}`;

test("publishes of any length are taken quickly once one with the same headers was admitted", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  const answers = [await send(publishing("[1]")), await send(publishing("[1,2]")), await send(publishing("[12345]"))];
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(["200", "200", "200"]);
  expect(answers.map(isQuick)).toEqual([false, true, true]);
  const plain = (answer: string) => [...headersOf(answer)].filter(([name]) => name !== "x-request-id").sort();
  expect(plain(answers[2] ?? "")).toEqual(plain(answers[0] ?? ""));
  const seen = gateway.nodes[0]?.requests ?? [];
  expect(seen.map(({ body }) => body)).toEqual(["[1]", "[1,2]", "[12345]"]);
  const names = seen.map(({ rawHeaders }) => rawHeaders.filter((_, index) => index % 2 === 0));
  expect(names[1]).toEqual(names[0]);
  expect(new Set(seen.map(({ headers }) => headers["x-request-id"])).size).toBe(3);
  expect(await gateway.metrics.metrics()).toContain('client_requests_total{group="test",client="(other)"} 3');
});

test.each([
  ["a body in chunks", [`${publishHead}Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n`], "200"],
  ["another media type", [publishing("[1]").replace("application/json", "application/octet-stream")], "200"],
  ["two lengths", [publishing("[1]").replace("Host: a", "Host: a\r\nContent-Length: 3")], "400"],
  ["a route that is closed", [publishing("[1]").replace("/eth/v2/beacon", "/eth/v1/debug")], "403"],
] as const)("%s is the HTTP server's, after any number of quick ones", async (_what, parts, status) => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(publishing("[1]"));
  expect(isQuick(await send(publishing("[1]")))).toBe(true);
  const answer = await send(...parts);
  expect([answer.slice(9, 12), isQuick(answer)]).toEqual([status, false]);
});

test("a body that comes in parts is whole at the node, whoever reads it", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(publishing("[1]"));
  for (let at = publishHead.length; at < publishing("[1,2]").length; at += 3)
    expect(await send(publishing("[1,2]").slice(0, at), publishing("[1,2]").slice(at))).toContain("HTTP/1.1 200");
  expect(new Set(gateway.nodes[0]?.requests.slice(1).map(({ body }) => body))).toEqual(new Set(["[1,2]"]));
});

test("what is sent behind a publish that is being served is answered behind it", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const { send, socket } = connection(gateway);
  await send(publishing("[1]"));
  const first = send(publishing("[2]"));
  await node.asked(1);
  socket.write(publishing("[3]") + publishing("[4]"), "latin1");
  socket.write(headRoot, "latin1");
  sendJson(node.waiting[0] as ServerResponse, { data: 2 });
  expect(bodyOf(await first)).toBe('{"data":2}');
  // The HTTP server takes all of them at once, and answers in the order in which they came; the two lists go out as one.
  await node.asked(3);
  const urls = gateway.nodes[0]?.requests.slice(2).map(({ body, url }) => body + url) ?? [];
  const [list, head] = [
    urls.findIndex((url) => url.startsWith("[3,4]")),
    urls.findIndex((url) => url.includes("root")),
  ];
  sendJson(node.waiting[head + 1] as ServerResponse, { data: "head" });
  sendJson(node.waiting[list + 1] as ServerResponse, { data: "list" });
  const rest = [await send(""), await send(""), await send("")];
  expect(rest.map(bodyOf)).toEqual(['{"data":"list"}', '{"data":"list"}', '{"data":"head"}']);
});

test("a client that goes away does not stop what it has published", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const { send, socket } = connection(gateway);
  await send(publishing("[1]"));
  socket.write(publishing("[2]"), "latin1");
  await node.asked(1);
  socket.destroy();
  await inFlight(gateway, 0);
  expect((node.waiting[0] as ServerResponse).destroyed).toBe(false);
  sendJson(node.waiting[0] as ServerResponse, {});
  expect(gateway.nodes[0]?.requests.at(-1)?.body).toBe("[2]");
});

test("a process that leaves ends the connection with the answer to the publish under way", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const { send, socket } = connection(gateway);
  await send(publishing("[1]"));
  const last = send(publishing("[2]"));
  await node.asked(1);
  const drained = gateway.gateway.drain();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  sendJson(node.waiting[0] as ServerResponse, {});
  expect(headersOf(await last).get("connection")).toBe("close");
  await closed;
  await drained;
});

test("a large body of an answer arrives whole behind its head", async () => {
  const large = { message: "x".repeat(100_000) };
  const gateway = await start({}, (_q, response) => sendJson(response, large, 400));
  const { send } = connection(gateway);
  await send(publishing("[1]"));
  const quick = await send(publishing("[2]"));
  expect([isQuick(quick), bodyOf(quick) === JSON.stringify(large)]).toEqual([true, true]);
});
