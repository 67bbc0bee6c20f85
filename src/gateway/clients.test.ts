import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import type { NamedClient } from "./clients/named-client.ts";
import type { GatewaySettings } from "./settings.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

const fine: FakeNode["answer"] = (_request, response) => sendJson(response, { data: [] });

async function start(settings: Partial<GatewaySettings>, answer = fine): Promise<TestGateway> {
  under = await startTestGateway({ nodes: [answer], settings });
  return under;
}

const duties = "/eth/v1/validator/duties/proposer/1000";
const exits = "/eth/v1/beacon/pool/voluntary_exits";
const teamA: NamedClient = { name: "team-a", token: "token-a", addresses: [] };
const teamB: NamedClient = { name: "team-b", token: "token-b", addresses: [] };
const loopback: NamedClient = { name: "this-host", addresses: ["127.0.0.0/8", "::1"] };
const noRules = { deny: [], allow: [], only: [] };

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const status = async (gateway: TestGateway, path: string, init?: RequestInit) =>
  (await fetch(gateway.url + path, init)).status;
const lastClient = (gateway: TestGateway) => gateway.evidence.readAfter(0, 100).items.at(-1)?.item.client;

describe("who a client is", () => {
  test("a token names it, on a connection that somebody else has used before as well", async () => {
    const gateway = await start({ clients: [teamA, teamB, loopback] });
    const seen = [];
    for (const init of [bearer("token-a"), bearer("token-b"), {}, bearer("wrong")]) {
      await status(gateway, duties, init);
      seen.push(lastClient(gateway));
    }
    expect(seen).toEqual(["team-a", "team-b", "this-host", "this-host"]);
  });

  test("the password of a URL is a token", async () => {
    const gateway = await start({ clients: [teamA] });
    const authorization = `Basic ${Buffer.from("vc:token-a").toString("base64")}`;
    await status(gateway, duties, { headers: { authorization } });
    expect(lastClient(gateway)).toBe("team-a");
  });

  test("without names the address is the identity", async () => {
    const gateway = await start({});
    await status(gateway, duties, bearer("token-a"));
    expect(lastClient(gateway)).toBe("127.0.0.1");
  });

  test("two Authorization headers are nobody's", async () => {
    const gateway = await start({ clients: [teamA], requireKnownClients: true });
    const line = "Authorization: Bearer token-a\r\n";
    const text = await gateway.raw(`GET ${duties} HTTP/1.1\r\nHost: x\r\n${line}${line}Connection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 401 /);
  });

  test("a client's Authorization never reaches a node", async () => {
    const gateway = await start({ clients: [teamA] });
    await status(gateway, exits, bearer("token-a"));
    await status(gateway, duties, bearer("token-a"));
    await status(gateway, "/eth/v1/beacon/pool/attestations", { ...bearer("token-a"), method: "POST", body: "[]" });
    const requests = gateway.nodes[0]?.requests ?? [];
    expect(requests).toHaveLength(3);
    expect(requests.filter(({ rawHeaders }) => /authorization|token-a/i.test(rawHeaders.join(" ")))).toEqual([]);
  });

  test("metrics count named clients one by one and all others together", async () => {
    const gateway = await start({ clients: [teamA] });
    await status(gateway, duties, bearer("token-a"));
    await status(gateway, duties);
    const text = await gateway.metrics.metrics();
    expect(text).toContain('slotkeeper_gateway_client_requests_total{group="test",client="team-a"} 1');
    expect(text).toContain('slotkeeper_gateway_client_requests_total{group="test",client="(other)"} 1');
    expect(text).not.toContain("127.0.0.1");
  });
});

describe("known clients only", () => {
  test("a stranger is asked for a token, in the form that a person and a program understand", async () => {
    const gateway = await start({ clients: [teamA], requireKnownClients: true });
    const answer = await fetch(gateway.url + duties);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(await answer.json()).toMatchObject({ code: 401, reason: "client-unknown" });
    expect(await status(gateway, duties, bearer("wrong"))).toBe(401);
    expect(await status(gateway, "/eth/v1/events?topics=head")).toBe(401);
    expect(gateway.nodes[0]?.requests).toHaveLength(0);
    expect(await status(gateway, duties, bearer("token-a"))).toBe(200);
  });

  test("with addresses alone a stranger is refused with 403, and a known address needs nothing", async () => {
    const gateway = await start({ clients: [{ name: "site", addresses: ["10.0.0.0/8"] }], requireKnownClients: true });
    expect(await status(gateway, duties)).toBe(403);
    gateway.gateway.reload({ clients: [loopback], requireKnownClients: true, routeRules: [] });
    expect(await status(gateway, duties)).toBe(200);
  });

  test("a reload takes a token back on connections that are open", async () => {
    const gateway = await start({ clients: [teamA, teamB], requireKnownClients: true });
    expect(await status(gateway, duties, bearer("token-b"))).toBe(200);
    gateway.gateway.reload({ clients: [teamA], requireKnownClients: true, routeRules: [] });
    expect(await status(gateway, duties, bearer("token-b"))).toBe(401);
    expect(await status(gateway, duties, bearer("token-a"))).toBe(200);
  });
});

describe("allow and deny lists", () => {
  test("a denied route is refused with its reason, for every method and spelling", async () => {
    const gateway = await start({ routeRules: [{ ...noRules, deny: ["/eth/v1/beacon/pool"] }] });
    for (const path of [exits, `${exits}/`, `${exits}?x=1`, exits.replace("pool", "POOL")])
      expect(await status(gateway, path)).toBe(403);
    expect(await status(gateway, exits, { method: "HEAD" })).toBe(403);
    const answer = await fetch(gateway.url + exits, { method: "POST", body: "{}" });
    expect(await answer.json()).toMatchObject({ code: 403, reason: "route-denied" });
    expect(gateway.nodes[0]?.requests).toHaveLength(0);
    expect(await status(gateway, duties)).toBe(200);
  });

  test("a parameter behind a semicolon does not hide a denied path: it is no plain path", async () => {
    const gateway = await start({ routeRules: [{ ...noRules, deny: ["/eth/v1/beacon/pool"] }] });
    expect(await status(gateway, "/eth/v1/beacon/pool;a=b/voluntary_exits")).toBe(400);
  });

  test("closed routes are opened one by one, and for one client alone", async () => {
    const routes = { ...noRules, allow: ["/eth/v1/debug/fork_choice"] };
    const gateway = await start({ clients: [{ ...teamA, routes }, teamB] });
    expect(await status(gateway, "/eth/v1/debug/fork_choice", bearer("token-a"))).toBe(200);
    expect(await status(gateway, "/eth/v2/debug/beacon/heads", bearer("token-a"))).toBe(403);
    expect(await status(gateway, "/eth/v1/debug/fork_choice", bearer("token-b"))).toBe(403);
  });

  test("a dashboard that may only look cannot publish", async () => {
    const gateway = await start({ clients: [{ ...teamA, routes: { ...noRules, only: ["GET /eth"] } }] });
    expect(await status(gateway, exits, bearer("token-a"))).toBe(200);
    expect(await status(gateway, exits, { ...bearer("token-a"), method: "POST", body: "{}" })).toBe(403);
    expect(await status(gateway, exits, { method: "POST", body: "{}" })).toBe(200);
  });
});

describe("duties before bulk", () => {
  /** A node that holds bulk answers back until told; duties and publishing are answered at once. */
  function holding(): { answer: FakeNode["answer"]; held: (() => void)[]; release: () => void } {
    const held: (() => void)[] = [];
    return {
      held,
      answer: (request, response) => {
        if (request.method === "GET" && request.url.startsWith("/eth/v2/beacon/blocks"))
          held.push(() => sendJson(response, { data: {} }));
        else sendJson(response, { data: [] });
      },
      release: () => {
        for (const one of held.splice(0)) one();
      },
    };
  }

  const block = (number: number) => `/eth/v2/beacon/blocks/${number}`;
  const clients = [teamA, teamB];

  test("one client's flood of bulk is cut at the bound; another client's bulk and all duties are served", async () => {
    const { answer, held, release } = holding();
    const gateway = await start({ clients, maxBulkPerNode: 10 }, answer);
    const flood = Array.from({ length: 30 }, (_, number) => fetch(gateway.url + block(number), bearer("token-a")));
    const refused = flood.map(async (one) => {
      const reply = await one;
      return {
        status: reply.status,
        retryAfter: reply.headers.get("retry-after"),
        reason: reply.headers.get("x-slotkeeper-reason"),
      };
    });
    await expect.poll(() => gateway.gateway.stats().failed).toBe(20);
    const other = fetch(gateway.url + block(100), bearer("token-b"));
    await expect.poll(() => held.length).toBe(11);
    expect(await status(gateway, duties, bearer("token-a"))).toBe(200);
    const publish = { ...bearer("token-a"), method: "POST", body: "[]" };
    expect(await status(gateway, "/eth/v1/beacon/pool/attestations", publish)).toBe(200);
    expect(await status(gateway, "/eth/v1/beacon/pool/a_fork_to_come", publish)).toBe(200);
    release();
    expect((await other).status).toBe(200);
    const outcomes = await Promise.all(refused);
    expect(outcomes.filter((one) => one.status === 200)).toHaveLength(10);
    expect(outcomes.find((one) => one.status !== 200)).toEqual({ status: 503, retryAfter: "1", reason: "overloaded" });
    const text = await gateway.metrics.metrics();
    expect(text).toContain('slotkeeper_gateway_client_overloaded_total{group="test",client="team-a"} 20');
    expect(text).toContain('slotkeeper_gateway_client_overloaded_total{group="test",client="team-b"} 0');
  });

  test("places come free as answers go out, and when a client leaves", async () => {
    const { answer, held, release } = holding();
    const gateway = await start({ clients, maxBulkPerNode: 2 }, answer);
    const leaver = new AbortController();
    const first = fetch(gateway.url + block(1), { signal: leaver.signal }).catch(() => undefined);
    const second = fetch(gateway.url + block(2));
    await expect.poll(() => held.length).toBe(2);
    expect(await status(gateway, block(3))).toBe(503);
    leaver.abort();
    await first;
    await expect.poll(() => gateway.gateway.stats().inFlight).toBe(1);
    const third = fetch(gateway.url + block(4));
    await expect.poll(() => held.length).toBe(3);
    release();
    expect([(await second).status, (await third).status]).toEqual([200, 200]);
  });

  test("one client's event streams leave room for another's", async () => {
    const gateway = await start({ clients, maxEventStreams: 8 });
    const stop = new AbortController();
    const open = (token: string) =>
      fetch(`${gateway.url}/eth/v1/events?topics=head`, { ...bearer(token), signal: stop.signal });
    const first = [];
    for (let i = 0; i < 10; i++) first.push((await open("token-a")).status);
    expect(first.filter((one) => one === 200)).toHaveLength(6);
    expect((await open("token-b")).status).toBe(200);
    stop.abort();
  });
});

test("an address that takes nearly all connections leaves the last quarter to others", async () => {
  const gateway = await start({ maxConnections: 8 });
  const { port } = gateway.gateway.address;
  const sockets = Array.from({ length: 8 }, () => connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" }));
  for (const socket of sockets) socket.on("error", () => undefined);
  await expect.poll(() => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length).toBe(2);
  expect(gateway.gateway.stats().openSockets).toBe(6);
  expect(await status(gateway, duties)).toBe(200);
  for (const socket of sockets) socket.destroy();
});

describe("request ids", () => {
  test("a sane id of the client goes to the node, the evidence and the answer", async () => {
    const gateway = await start({});
    const answer = await fetch(gateway.url + duties, { headers: { "x-request-id": "vc-1:slot.7_a" } });
    expect(answer.headers.get("x-request-id")).toBe("vc-1:slot.7_a");
    expect(gateway.nodes[0]?.requests[0]?.headers["x-request-id"]).toBe("vc-1:slot.7_a");
    expect(gateway.evidence.readAfter(0, 1).items[0]?.item.requestId).toBe("vc-1:slot.7_a");
  });

  test.each(["", "has space", "x".repeat(65), 'quote"', "semi;colon"])("%j is replaced by one of ours", async (id) => {
    const gateway = await start({});
    const answer = await fetch(gateway.url + duties, { headers: { "x-request-id": id } });
    const own = answer.headers.get("x-request-id") ?? "";
    expect(own).toMatch(/^[a-z0-9]+-[a-z0-9]+$/);
    expect(gateway.nodes[0]?.requests[0]?.headers["x-request-id"]).toBe(own);
  });

  test("refusals and errors carry it as well", async () => {
    const gateway = await start({}, (_request, response) => response.writeHead(500).end());
    for (const path of ["/lighthouse/health", "/eth/v1//x", duties])
      expect(
        (await fetch(gateway.url + path, { headers: { "x-request-id": "mine" } })).headers.get("x-request-id"),
      ).toBe("mine");
  });
});
