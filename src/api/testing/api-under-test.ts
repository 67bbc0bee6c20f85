import { fakeRespondPorts, type FakeRespond } from "./fake-respond-ports.ts";
import { noDuties } from "./no-duties.ts";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessDesk } from "../../access/access-desk.ts";
import { createSetupDesk, type SetupDesk } from "../../access/setup-desk.ts";
import { memorySetupStore } from "../../access/testing/memory-setup-store.ts";
import { memoryAccessStore } from "../../access/testing/memory-access-store.ts";
import type { AuditEvent } from "../../access/audit.ts";
import { allowedHosts } from "../../access/judge-request.ts";
import { gatewayStatus, groupStatus, nodeStatus, reachable } from "../../control/testing/samples.ts";
import type { DrillProgress, DrillRequest } from "../../drills/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { systemClock, type Clock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import type { Snapshot, StoredTransition } from "../contract.ts";
import type { RespondPorts } from "../ports-respond.ts";
import type { ApiPorts, GatewayHand, TransitionsQuery } from "../ports.ts";
import { startApiServer, type ApiServer, type ApiServerOptions } from "../server.ts";

export const token = "a-token-for-these-tests";
export const authorization = `Bearer ${token}`;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export const codeOf = ({ text }: Answer) => (JSON.parse(text) as { error: { code: string } }).error.code;
export const messageOf = ({ text }: Answer) => (JSON.parse(text) as { error: { message: string } }).error.message;

/** The API over one gateway named main with one node, and what came of it. */
export interface ApiUnderTest {
  server: ApiServer;
  ports: ApiPorts;
  readonly respond: FakeRespond;
  setup: SetupDesk;
  readonly audited: AuditEvent[];
  /** Every call at the gateway and at the desk of drills, as one line. */
  readonly calls: string[];
  readonly queries: TransitionsQuery[];
  tellSnapshot(): void;
  tellDuties(): void;
  tellTransition(transition: StoredTransition): void;
  /** Starts a second server on the same ports. */
  start(listen: ApiServerOptions["listen"]): Promise<ApiServer>;
  ask(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Answer>;
  /** The same with a body as it is sent. */
  askRaw(method: string, path: string, headers: Record<string, string>, body: string | Buffer): Promise<Answer>;
  end(): Promise<void>;
}

export function drillOf(request: Partial<DrillRequest> = {}, changes: Partial<DrillProgress> = {}): DrillProgress {
  return {
    ...{ id: "d1", gateway: "main", group: "default", node: "bn1", kind: "hang", by: "tests" },
    ...{ gateway: request.gateway ?? "main", kind: request.kind ?? "hang", by: request.by ?? "tests" },
    phase: "guarding",
    askedAt: 1,
    startedAt: undefined,
    plannedEndAt: undefined,
    liftedAt: undefined,
    endedAt: undefined,
    findings: [],
    sentence: "Looking whether a drill may begin.",
    score: {
      ...{ detectMs: undefined, detectReason: undefined, switchMs: undefined, worstMs: undefined },
      ...{ dutyRequests: 0, affected: 0, served: 0, failed: 0, retried: 0, unseen: 0, recoverMs: undefined },
    },
    ...changes,
  };
}

/** `inbox`: who takes alerts of other systems instead of the fake. */
export async function startApiUnderTest({
  inbox,
  clock = systemClock,
}: { inbox?: Pick<RespondPorts, "ingest">; clock?: Clock } = {}): Promise<ApiUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "sk-api-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "assets", "app-1234.js"), "console.log(1)");
  writeFileSync(join(folder, "assets", "app-1234.js.gz"), "gzipped");
  const audited: AuditEvent[] = [];
  const calls: string[] = [];
  const queries: TransitionsQuery[] = [];
  let snapshotListener = () => {};
  let dutiesListener = () => {};
  let transitionListener: (transition: StoredTransition) => void = () => {};
  const called = (...words: unknown[]) => (calls.push(words.join(" ")), Promise.resolve());
  const hand: GatewayHand = {
    setOperatorState: (group, node, state, by) => called(`${group}/${node}`, state, "by", by),
    drain: (group, node, by, isForced) => called(`${group}/${node}`, isForced ? "drain forced" : "drain", "by", by),
    hold: (group, reason, by) => called(group, "hold", `"${reason}"`, "by", by),
    release: (group, by) => called(group, "release by", by),
    resetWatermark: (group, by) => called(group, "reset watermark by", by),
    chooseBranch: (group, root, by) => called(group, "branch", root, "by", by),
  };
  const snapshot = (): Snapshot => ({
    at: 1,
    version: "0.1.0",
    profile: "solo",
    state: { level: "fine", sentence: "All is well.", next: "", sinceAt: 1 },
    gateways: [reachable(gatewayStatus([groupStatus([nodeStatus("bn1")])]))],
    observers: [],
    drills: [],
  });
  const respond = fakeRespondPorts(() => systemClock.now());
  const people = createAccessDesk({ store: memoryAccessStore(), clock: systemClock });
  const setup = createSetupDesk({ people, store: memorySetupStore(), clock: systemClock });
  const ports: ApiPorts = {
    respond: inbox ? { ...respond, ingest: inbox.ingest } : respond,
    snapshot,
    onSnapshot: (listener) => ((snapshotListener = listener), () => {}),
    onTransition: (listener) => ((transitionListener = listener), () => {}),
    transitions: (query) => (queries.push(query), Promise.resolve({ items: [], gaps: [] })),
    history: (fromAt) => Promise.resolve({ points: [{ at: fromAt } as never] }),
    reasons: [{ area: "upstream", code: "in-sync", short: "in sync", long: "fine" }],
    gateway: (name) => (name === "main" ? hand : undefined),
    signals: {
      hosts: () => ({ at: 1, hosts: [] }),
      logs: () => ({ at: 1, catalogueVersion: 1, logs: [], events: [] }),
    },
    duties: { ...noDuties(), onChange: (listener) => ((dutiesListener = listener), () => {}) },
    drills: {
      start: (request) => (calls.push(`drill ${JSON.stringify(request)}`), Promise.resolve(drillOf(request))),
      abort(id, by) {
        if (id !== "d1") throw new AppError(`There is no drill ${id}.`, { code: "unknown-drill" });
        calls.push(`abort ${id} by ${by}`);
      },
      running: () => [drillOf()],
      onProgress: () => () => {},
      past: (limit) => (calls.push(`past ${limit}`), Promise.resolve([])),
    },
    drillKinds: [{ kind: "hang", short: "hangs", long: "Accepts and never answers." }],
    audit: { append: (event) => Promise.resolve({ ...event, id: audited.push(event), previousHash: "", hash: "" }) },
    access: { token, readsNeedToken: false, hosts: allowedHosts("127.0.0.1"), allowAnyAddress: false },
    ...{ people, setup },
    metrics: () => Promise.resolve("up 1\n"),
    health: () => ({ isHealthy: true, detail: "ok" }),
  };
  const common = { ports, webRoot: folder, version: "0.1.0", clock, log: silentLogger };
  const start = (listen: ApiServerOptions["listen"]) => startApiServer({ listen, ...common });
  const under: ApiUnderTest = {
    server: await start({ host: "127.0.0.1", port: 0 }),
    ...{ ports, respond, setup, audited, calls, queries, start },
    tellDuties: () => dutiesListener(),
    tellSnapshot: () => snapshotListener(),
    tellTransition: (transition) => transitionListener(transition),
    ask: (...args) => ask(under.server.address.port, ...args),
    askRaw: (...args) => send(under.server.address.port, ...args),
    async end() {
      await under.server.stop();
      rmSync(folder, { recursive: true });
    },
  };
  return under;
}

function ask(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  const bytes = body === undefined ? undefined : JSON.stringify(body);
  const sent = bytes === undefined ? headers : { "content-type": "application/json", ...headers };
  return send(port, method, path, sent, bytes);
}

/** Raw, because `fetch` sets Host and refuses to send another. */
function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}
