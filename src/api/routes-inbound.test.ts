import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "node:net";
import { AppError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { fakeInbox, type FakeInbox } from "./testing/fake-inbox.ts";
import {
  authorization,
  codeOf,
  startApiUnderTest,
  token,
  type Answer,
  type ApiUnderTest,
} from "./testing/api-under-test.ts";

const webhookUrl = "/api/v1/inbound/alertmanager";
const alertsUrl = "/api/v2/alerts";
const enqueueUrl = "/v2/enqueue";
const genericUrl = "/api/v1/inbound/generic";

let inbox: FakeInbox;
let api: ApiUnderTest;
beforeEach(async () => {
  inbox = fakeInbox(systemClock.now);
  api = await startApiUnderTest({ inbox });
});
afterEach(() => api.end());

type Headers = Record<string, string>;
const post = (path: string, body: unknown, headers: Headers = { authorization }) =>
  api.ask("POST", path, headers, body);
const raw = (path: string, body: string | Buffer, headers: Headers = { authorization }) =>
  api.askRaw("POST", path, { "content-type": "application/json", ...headers }, body);
const basic = (password: string, name = "any") => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
});
const told = ({ status, text, headers }: Answer) => ({ status, text, retryAfter: headers["retry-after"] });

const labels = { alertname: "Down", instance: "a" };
const webhook = (status = "firing", times: object = { startsAt: "2026-03-01T11:00:00Z" }) => ({
  version: "4",
  ...{ status, receiver: "slotkeeper", groupKey: "{}", truncatedAlerts: 0, groupLabels: {}, commonLabels: {} },
  alerts: [{ status, labels, annotations: { summary: "a is down" }, fingerprint: "0", ...times }],
});
const event = (change: object = {}) => ({
  ...{ routing_key: token, event_action: "trigger", dedup_key: "disk/1" },
  payload: { summary: "disk full", source: "h1", severity: "critical" },
  ...change,
});

async function tokenOf(role: string, name = role): Promise<string> {
  const made = await post("/api/v1/tokens", { name, role });
  return (JSON.parse(made.text) as { token: string }).token;
}

describe("each interface takes its alerts and answers as its senders expect", () => {
  test("Alertmanager's webhook and its API: 200 and nothing", async () => {
    expect(told(await post(webhookUrl, webhook()))).toMatchObject({ status: 200, text: "" });
    expect(told(await post(alertsUrl, [{ labels }]))).toMatchObject({ status: 200, text: "" });
    expect(inbox.open()).toMatchObject([{ labels }, { labels }]);
    expect(inbox.takenFrom).toEqual(["api token from 127.0.0.1", "api token from 127.0.0.1"]);
  });

  test("PagerDuty: 202 with the key, which acknowledges and resolves", async () => {
    const answer = await post(enqueueUrl, event(), {});
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.text)).toEqual({ status: "success", message: "Event processed", dedup_key: "disk/1" });
    await post(enqueueUrl, { routing_key: token, event_action: "acknowledge", dedup_key: "disk/1" }, {});
    expect(inbox.open()).toMatchObject([{ status: "acknowledged", labels: { source: "h1" } }]);
    await post(enqueueUrl, { routing_key: token, event_action: "resolve", dedup_key: "disk/1" }, {});
    expect(inbox.open()).toEqual([]);
    expect(JSON.stringify(inbox.alerts())).not.toContain(token);
  });

  test("plain JSON: how many were taken, and by which fingerprints they are known", async () => {
    const answer = await post(genericUrl, [{ title: "A" }, { title: "B" }, { title: "A" }]);
    const [a, b] = inbox.open().map(({ fingerprint }) => fingerprint);
    const body = JSON.parse(answer.text) as { fingerprints: string[] };
    expect(body).toMatchObject({ taken: 3, refused: 0 });
    expect(body.fingerprints.sort()).toEqual([a, b]);
  });

  test("whatever type a body says it has, and with bytes that are no UTF-8", async () => {
    const text = JSON.stringify({ title: "A" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "garbage", "application/json; charset=x"])
      expect((await raw(genericUrl, text, { authorization, "content-type": type })).status).toBe(200);
    expect((await raw(genericUrl, `\ufeff${text}`)).status).toBe(200);
    expect((await raw(genericUrl, Buffer.from('{"title":"\xff"}', "latin1"))).status).toBe(200);
    expect(
      inbox
        .open()
        .map((alert) => alert.labels["alertname"])
        .sort(),
    ).toEqual(["A", "\ufffd"]);
  });
});

describe("who may send", () => {
  test("a token of a responder or an admin, as Bearer or as the password of Basic", async () => {
    const [viewer, responder, admin] = [await tokenOf("viewer"), await tokenOf("responder"), await tokenOf("admin")];
    for (const path of [webhookUrl, alertsUrl, genericUrl]) {
      const body = path === webhookUrl ? webhook() : path === alertsUrl ? [{ labels }] : { title: "A" };
      const status = async (headers: Headers) => (await post(path, body, headers)).status;
      for (const each of [responder, admin, token]) {
        expect(await status({ authorization: `Bearer ${each}` })).toBe(200);
        expect(await status(basic(each))).toBe(200);
        expect(await status(basic(each, ""))).toBe(200);
      }
      expect(await status({ authorization: `Bearer ${viewer}` })).toBe(403);
      expect(await status(basic(viewer))).toBe(403);
      expect(await status(basic("wrong"))).toBe(401);
      expect(await status({ authorization: "Basic !" })).toBe(401);
      expect(await status({})).toBe(401);
    }
    expect(inbox.takenFrom).toContain('api token "responder" from 127.0.0.1');
  });

  test("PagerDuty's key is the token; a wrong one is an invalid event, after which nobody sends again", async () => {
    expect((await post(enqueueUrl, event({ routing_key: await tokenOf("responder") }), {})).status).toBe(202);
    const wrong = await post(enqueueUrl, event({ routing_key: "wrong" }), {});
    expect(wrong.status).toBe(400);
    expect(JSON.parse(wrong.text)).toMatchObject({ status: "invalid event", message: "Event object is invalid" });
    expect((await post(enqueueUrl, event({ routing_key: await tokenOf("viewer") }), {})).status).toBe(403);
    // A token in the header is no key.
    expect((await post(enqueueUrl, event({ routing_key: "wrong" }))).status).toBe(400);
    expect(inbox.open()).toHaveLength(1);
  });

  test("Basic opens nothing else, and a browser is never asked for it", async () => {
    const cordon = await api.ask("POST", "/api/v1/nodes/main/default/bn1/cordon", basic(token));
    expect(cordon.status).toBe(401);
    expect((await post(alertsUrl, [], {})).headers["www-authenticate"]).toBe('Bearer realm="slotkeeper"');
    expect(api.calls).toEqual([]);
  });

  test("pages of other sites are refused even with a token, machines need no known Host, cookies count for nothing", async () => {
    const foreign: Headers[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const path of [webhookUrl, alertsUrl, genericUrl, enqueueUrl])
      for (const headers of foreign) {
        const answer = await raw(path, JSON.stringify(event()), {
          authorization,
          ...headers,
          "content-type": "text/plain",
        });
        expect(answer.status).toBe(403);
      }
    expect(inbox.alerts()).toEqual([]);
    const named = { authorization, host: "slotkeeper.monitoring.svc:7380" };
    expect((await post(alertsUrl, [{ labels }], named)).status).toBe(200);
    // A page that rebinds DNS is of the same origin, but has no token.
    const rebound = { host: "evil.example", origin: "http://evil.example", "sec-fetch-site": "same-origin" };
    expect((await post(alertsUrl, [{ labels }], rebound)).status).toBe(401);
    expect((await post("/api/v1/nodes/main/default/bn1/cordon", {}, { ...named })).status).toBe(421);
    await post("/api/v1/users", { name: "alice", password: "four random words here", role: "admin" });
    const login = await post("/api/v1/login", { name: "alice", password: "four random words here" }, {});
    const cookie = String(login.headers["set-cookie"]).split(";")[0] ?? "";
    const { csrf } = JSON.parse(login.text) as { csrf: string };
    expect((await post(alertsUrl, [{ labels }], { cookie, "x-csrf-token": csrf })).status).toBe(401);
  });
});

describe("nothing is lost silently", () => {
  test("2xx comes after the alerts are stored, not before", async () => {
    const stored = Promise.withResolvers<void>();
    inbox.before = () => stored.promise;
    let isAnswered = false;
    const answer = post(alertsUrl, [{ labels }]).finally(() => (isAnswered = true));
    await expect.poll(() => inbox.waiting).toBe(1);
    expect(isAnswered).toBe(false);
    stored.resolve();
    expect((await answer).status).toBe(200);
  });

  test("what cannot be stored is to be sent again, in each interface's own words and without the reason's insides", async () => {
    inbox.before = () => Promise.reject(new AppError("disk /secret/path is full", { code: "internal" }));
    for (const answer of await everyInterface()) {
      expect(told(answer)).toMatchObject({ status: 503, retryAfter: "5" });
      expect(answer.text).not.toContain("secret");
    }
    inbox.before = undefined;
    expect((await everyInterface()).map(({ status }) => status)).toEqual([200, 200, 202, 200]);
    expect(inbox.open()).toHaveLength(4);
  });

  test("alerts without room are to be sent again; what is known is kept up to date meanwhile", async () => {
    inbox.room = 1;
    await post(genericUrl, { title: "known" });
    const many = await post(genericUrl, [{ title: "known" }, { title: "new" }]);
    expect(told(many)).toMatchObject({ status: 503, retryAfter: "60" });
    expect(JSON.parse(many.text)).toMatchObject({ taken: 1, refused: 1, error: { code: "inbound-no-room" } });
    expect((await post(alertsUrl, [{ labels }])).status).toBe(503);
    expect((await post(enqueueUrl, event(), {})).status).toBe(503);
    expect((await post(genericUrl, { title: "known", status: "resolved" })).status).toBe(200);
  });

  test("a flood is slowed down for each token alone: 600 requests a minute, then a wait that the answer names", async () => {
    await api.end();
    let elapsedMs = 0;
    api = await startApiUnderTest({ inbox, clock: { ...systemClock, monotonic: () => elapsedMs } });
    const flood = async (count: number) => {
      const statuses: number[] = [];
      for (let left = count; left > 0; left -= 50) {
        const sent = Array.from({ length: Math.min(50, left) }, () => post(genericUrl, { title: "A" }));
        statuses.push(...(await Promise.all(sent)).map(({ status }) => status));
      }
      return statuses.filter((status) => status === 200).length;
    };
    expect(await flood(700)).toBe(600);
    const flooded = await everyInterface();
    // Alertmanager would not send its webhook again after a 429.
    expect(flooded.map(({ status }) => status)).toEqual([503, 429, 429, 429]);
    expect(flooded.map(({ headers }) => headers["retry-after"])).toEqual(Array<string>(4).fill("1"));
    expect(JSON.parse(flooded[2]?.text ?? "")).toMatchObject({ status: "throttle exceeded" });
    const other = { authorization: `Bearer ${await tokenOf("responder")}` };
    expect((await post(alertsUrl, [{ labels }], other)).status).toBe(200);
    elapsedMs += 1_000;
    expect(await flood(20)).toBe(10);
    elapsedMs += 3_600_000;
    expect(await flood(610)).toBe(600);
    expect(inbox.open()).toHaveLength(2);
  });

  test("more than fit at once are to be sent again, and their places come back", async () => {
    const stored = Promise.withResolvers<void>();
    inbox.before = () => stored.promise;
    const sent = Array.from({ length: 140 }, (_, index) => post(genericUrl, { title: String(index) }));
    await expect.poll(() => inbox.waiting).toBe(128);
    const refused = await post(enqueueUrl, event(), {});
    expect(told(refused)).toMatchObject({ status: 503, retryAfter: "2" });
    stored.resolve();
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(128);
    expect(statuses.filter((status) => status === 503)).toHaveLength(12);
    expect(inbox.open()).toHaveLength(128);
    inbox.before = undefined;
    expect((await everyInterface()).map(({ status }) => status)).toEqual([200, 200, 202, 200]);
  });

  test("senders that hang up half-way take no place for good", async () => {
    const head = `POST ${enqueueUrl} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"routing_key":`;
    for (let at = 0; at < 4; at++) {
      const sockets = Array.from({ length: 64 }, () => connect(api.server.address.port, "127.0.0.1"));
      await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.write(head, () => done()))));
      await expect.poll(async () => (await post(enqueueUrl, event(), {})).status).toBe(503);
      expect((await post(genericUrl, { title: "A" })).status).toBe(200);
      for (const socket of sockets) socket.destroy();
      await expect.poll(async () => (await post(enqueueUrl, event(), {})).status).toBe(202);
    }
  });
});

describe("order and copies", () => {
  test("the same payload a thousand times is one alert", async () => {
    for (let at = 0; at < 10; at++) {
      const headers = { authorization: `Bearer ${await tokenOf("responder", `sender ${at}`)}` };
      const answers = await Promise.all(Array.from({ length: 100 }, () => post(webhookUrl, webhook(), headers)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    expect(inbox.takenFrom).toHaveLength(1_000);
    expect(inbox.alerts()).toHaveLength(1);
    expect(inbox.open()).toMatchObject([{ labels, startsAt: Date.parse("2026-03-01T11:00:00Z") }]);
  });

  test("an end that overtakes its beginning is the end; a new beginning is a new one", async () => {
    const ago = (minutes: number) => new Date(systemClock.now() - minutes * 60_000).toISOString();
    const times = { startsAt: ago(30), endsAt: ago(20) };
    await post(webhookUrl, webhook("resolved", times));
    await post(webhookUrl, webhook("firing", { startsAt: times.startsAt }));
    expect(inbox.open()).toEqual([]);
    await post(webhookUrl, webhook("firing", { startsAt: ago(10) }));
    await post(webhookUrl, webhook("resolved", times));
    expect(inbox.open()).toHaveLength(1);
  });
});

/** One good request to each, in the order of the contract. */
async function everyInterface(): Promise<Answer[]> {
  return [
    await post(webhookUrl, webhook()),
    await post(alertsUrl, [{ labels }]),
    await post(enqueueUrl, event(), {}),
    await post(genericUrl, { title: "A" }),
  ];
}

test("codes of refusals are the catalogue's", async () => {
  expect(codeOf(await raw(genericUrl, "{"))).toBe("inbound-not-json");
  expect(codeOf(await raw(webhookUrl, "{}"))).toBe("inbound-bad-shape");
  expect(JSON.parse((await raw(alertsUrl, "{}")).text)).toMatch(/^read POST \/api\/v2\/alerts: /);
});
