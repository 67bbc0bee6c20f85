import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  DrillRefusal,
  DrillsPage,
  ErrorAnswer,
  Snapshot,
  StoredTransition,
  TransitionsPage,
} from "../../../src/api/contract.ts";
import { drillKinds, pastDrills } from "./build-drill.ts";
import { createChanges, type Changes } from "./changes.ts";
import { answerDuties, dutyNews, noDuties, type DutyScene } from "./duties.ts";
import { createFakePeople, type FakePeople, type Refusal } from "./fake-people.ts";
import { hostsPage } from "./hosts.ts";
import { createFakeRespond, type FakeRespond } from "./respond.ts";
import { historyOf, reasons, transitionsOf } from "./records.ts";
import { createFakeAlerts, type FakeAlerts } from "./respond-alerts.ts";
import { scenes, type SceneName } from "./scenes.ts";
import { sendFile } from "./send-file.ts";
import { securityHeaders } from "../../../src/api/security-headers.ts";

export const fakeToken = "sk_test_0123456789";

/** The API of `slotkeeper monitor` as the pages see it, without anything behind it. */
export interface FakeApi {
  readonly url: string;
  /** Shows another scene, at once, to everybody who listens. */
  show(scene: SceneName): void;
  /** Tells of validators from now on, at once and to everybody who listens; by itself it has none. */
  showDuties(scene: Partial<DutyScene>): void;
  /** Alarms, on-call and incidents; `pushRespond()` afterwards tells of them, and switches them on. */
  readonly respond: FakeRespond;
  pushRespond(): void;
  /** Alerts, silences, on-call, audit and settings. */
  readonly alerts: FakeAlerts;
  /** Users, tokens and the one session. */
  readonly people: FakePeople;
  /** Has three machines from now on; by itself it has none. */
  showHosts(): void;
  /** Paths below `/api/v1` that were read, with their query. */
  readonly read: readonly string[];
  /** Sends a transition to everybody who listens, and keeps it. */
  tell(transition: StoredTransition): void;
  /** Stops sending and stops answering, sockets open: a frozen server. */
  freeze(): void;
  /** The port stays the same, so that a page can come back to it. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops for good. */
  end(): Promise<void>;
  /** Tokens that came with changes. */
  readonly tokensSeen: readonly string[];
  /** What was asked for with a good token: path with query, and body. */
  readonly asked: readonly { path: string; body: unknown }[];
  /** What is laid over the scene; `push()` afterwards shows it. */
  readonly changes: Changes;
  /** Sends what is shown now to everybody who listens. */
  push(): void;
  /** The next change that comes with a good token gets this instead. */
  refuseNext(status: number, body: ErrorAnswer | DrillRefusal): void;
}

const octets = { "content-type": "application/octet-stream", "cache-control": "no-store" };

export async function startFakeApi(first: SceneName, port = 0): Promise<FakeApi> {
  const listeners = new Set<ServerResponse>();
  const told: StoredTransition[] = [];
  const asked: { path: string; body: unknown }[] = [];
  const changes = createChanges();
  const respond = createFakeRespond();
  const alerts = createFakeAlerts();
  const people = createFakePeople();
  let refusal: { status: number; body: ErrorAnswer | DrillRefusal } | undefined;
  const tokensSeen: string[] = [];
  const read: string[] = [];
  let scene = first;
  let duties = noDuties;
  let hasHosts = false;
  let isFrozen = false;
  let server = await listen(port);
  const address = server.address() as AddressInfo;
  const ticker = setInterval(() => sendSnapshot(), 1_000);

  const current = (): Snapshot => changes.apply(scenes[scene](Date.now()));

  function send(event: string, data: unknown): void {
    if (!isFrozen)
      for (const response of listeners) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  function sendSnapshot(): void {
    send("snapshot", current());
  }
  function sendRespond(): void {
    if (respond.isOn) send("respond", respond.now());
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isFrozen) return;
    const url = new URL(request.url ?? "/", "http://fake");
    if (!url.pathname.startsWith("/api/")) return sendFile(url.pathname, request, response, securityHeaders);
    const path = url.pathname.slice("/api/v1".length);
    read.push(path + url.search);
    if (request.method === "POST") return change(path + url.search, request, response);
    const refused = people.refuseRead(request, path);
    if (refused) return fail(response, refused.status, refused.code, refused.message);
    switch (path) {
      case "/me":
        return json(response, 200, people.me(request));
      case "/users":
        return json(response, 200, { users: people.users });
      case "/tokens":
        return json(response, 200, { tokens: people.tokens });
      case "/snapshot":
        return json(response, 200, current());
      case "/drills":
        return json(response, 200, drillsPage());
      case "/hosts":
        return json(response, 200, hasHosts ? hostsPage(Date.now()) : { at: Date.now(), hosts: [] });
      case "/reasons":
        return json(response, 200, reasons);
      case "/history":
        return json(response, 200, {
          points: scene === "starting" ? [] : historyOf(current(), Number(url.searchParams.get("minutes") ?? 60)),
        });
      case "/transitions":
        return json(response, 200, transitionsPage(url.searchParams));
      case "/stream":
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        listeners.add(response);
        response.on("close", () => listeners.delete(response));
        sendSnapshot();
        return sendRespond();
      default: {
        const told =
          alerts.answer(path, url.searchParams) ??
          respond.answer(path, url.searchParams) ??
          answerDuties(duties, path, url.searchParams);
        if (Buffer.isBuffer(told)) return void response.writeHead(200, octets).end(told);
        if (told !== undefined) return json(response, 200, told);
        return fail(response, 404, "not-found", "There is no such route, or no such validator.");
      }
    }
  }

  function transitionsPage(query: URLSearchParams): TransitionsPage {
    const before = Number(query.get("before") ?? Infinity);
    const limit = Number(query.get("limit") ?? 100);
    const wanted = [...told, ...transitionsOf(current())]
      .filter((item) => item.id < before)
      .filter((item) => !query.has("node") || item.node === query.get("node"))
      .filter((item) => !query.has("group") || item.group === query.get("group"));
    const items = wanted.slice(0, limit);
    const last = items.at(-1);
    return { items, gaps: [], ...(wanted.length > limit && last !== undefined ? { nextBefore: last.id } : {}) };
  }

  function drillsPage(): DrillsPage {
    const hasDrills = scene !== "empty" && scene !== "starting";
    return { running: current().drills, past: hasDrills ? pastDrills(Date.now()) : [], kinds: drillKinds };
  }

  async function change(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text || "{}") as Record<string, unknown>;
    if (path === "/login" || path === "/setup" || path === "/logout") return openSession(path, body, response);
    tokensSeen.push(token ?? "");
    const unproven = refuse(token, request, path);
    if (unproven) return fail(response, unproven.status, unproven.code, unproven.message);
    asked.push({ path, body });
    const refused = refusal;
    refusal = undefined;
    if (refused) return json(response, refused.status, refused.body);
    const plainPath = path.split("?")[0] ?? path;
    const done = respond.act(plainPath, body) ?? people.act(plainPath, body) ?? alerts.act(plainPath, body);
    const answer = done === undefined ? changes.act(plainPath, body) : { auditId: changes.nextAuditId(), ...done };
    if (!answer) return fail(response, 404, "not-found", "There is no such route.");
    json(response, 200, answer);
    sendSnapshot();
    sendRespond();
  }

  function refuse(token: string | undefined, request: IncomingMessage, path: string): Refusal | undefined {
    // The token of a signed link is its own proof.
    if (token === fakeToken || path.startsWith("/acknowledge/")) return undefined;
    if (token === undefined) return people.refuseChange(request, path);
    return { status: 401, code: "token-refused", message: "The token is not known. Copy it again from the file." };
  }

  function openSession(path: string, body: Record<string, unknown>, response: ServerResponse): void {
    const opened = people.open(path, body);
    if ("status" in opened) return fail(response, opened.status, opened.code, opened.message);
    response.setHeader("set-cookie", opened.cookie);
    json(response, 200, opened.answer);
  }

  function listen(onPort: number): Promise<Server> {
    const made = createServer((request, response) => void answer(request, response));
    return new Promise((resolve, reject) =>
      made.once("error", reject).listen(onPort, "127.0.0.1", () => resolve(made)),
    );
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  return {
    url: `http://127.0.0.1:${address.port}`,
    ...{ tokensSeen, asked, read, changes, respond, alerts, people, push: sendSnapshot },
    pushRespond() {
      respond.isOn = true;
      sendRespond();
    },
    showDuties(next) {
      duties = { ...duties, state: "following", validators: 400, epochs: 225, ...next };
      send("duties", dutyNews(duties, Date.now()));
    },
    showHosts() {
      hasHosts = true;
    },
    refuseNext(status, body) {
      refusal = { status, body };
    },
    show(next) {
      scene = next;
      sendSnapshot();
    },
    tell(transition) {
      told.unshift(transition);
      send("transition", transition);
    },
    freeze() {
      isFrozen = true;
    },
    async start() {
      isFrozen = false;
      server = await listen(address.port);
    },
    stop: close,
    async end() {
      clearInterval(ticker);
      await close();
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { error: { code, message } } satisfies ErrorAnswer);
}
