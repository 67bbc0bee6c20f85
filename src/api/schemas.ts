import { drillProgress } from "./schemas-drills.ts";
import { groupSafety } from "./schemas-safety.ts";
import { flag, instant, integer, list, mapOf, number, object, oneOf, text, type Schema } from "./schema-words.ts";

/** The answers of `contract.ts` as schemas: the published document is made of them, and the tests hold answers against them. */
const blockRef = object({ slot: integer, root: text });
const checkpoint = object({ epoch: integer, root: text });

const view = object({
  generation: integer,
  kind: oneOf("none", "serving", "degraded", "split"),
  "head?": blockRef,
  "justified?": checkpoint,
  "finalized?": checkpoint,
  ready: list(text),
  fallback: list(text),
  signingInputs: list(text),
  "reason?": text,
  changedAt: instant,
});

const node = object({
  node: text,
  url: text,
  group: text,
  priority: integer,
  health: oneOf("unknown", "syncing", "warming", "ready", "suspect", "down"),
  reason: text,
  detail: text,
  sinceAt: instant,
  operator: oneOf("active", "cordoned", "draining", "maintenance"),
  "head?": blockRef,
  "headLagSlots?": integer,
  "justified?": checkpoint,
  "finalized?": checkpoint,
  "isSyncing?": flag,
  "isOptimistic?": flag,
  "elOffline?": flag,
  "syncDistance?": integer,
  "peers?": integer,
  "version?": text,
  clientFamily: text,
  "latencyMs?": number,
  isStreamOpen: flag,
  "headDelayMs?": number,
  "lastSeenAt?": instant,
  warnings: list(object({ reason: text, detail: text })),
  labels: mapOf(text),
});

const group = object({
  group: text,
  listen: object({ host: text, port: integer, "isTls?": flag }),
  view,
  nodes: list(node),
  "network?": object({
    configName: text,
    genesisTimeMs: number,
    slotDurationMs: number,
    slotsPerEpoch: integer,
    genesisValidatorsRoot: text,
  }),
  requests: object({ total: integer, failed: integer, perSecond: number, streams: integer }),
  ...groupSafety,
});

const gatewayStatus = object({
  controlVersion: integer,
  gateway: text,
  version: text,
  startedAt: instant,
  at: instant,
  configRevision: text,
  "configError?": text,
  groups: list(group),
  process: object({
    pid: integer,
    rssBytes: integer,
    heapUsedBytes: integer,
    eventLoopLagMs: number,
    cpuSeconds: number,
    openClientSockets: integer,
    inFlightRequests: integer,
  }),
  lastTransitionSeq: integer,
  lastEvidenceSeq: integer,
});

const gatewayView = object({
  name: text,
  isReachable: flag,
  "lastContactAt?": instant,
  "error?": text,
  "status?": gatewayStatus,
});

export const snapshot: Schema = object({
  at: instant,
  version: text,
  profile: oneOf("solo", "scaled"),
  state: object({ level: oneOf("fine", "warning", "bad", "unknown"), sentence: text, next: text, sinceAt: instant }),
  gateways: list(gatewayView),
  observers: list(gatewayView),
  drills: list(drillProgress),
});

const storedTransition: Schema = object({
  id: integer,
  gateway: text,
  at: instant,
  group: text,
  "node?": text,
  kind: oneOf("health", "operator", "view", "warning"),
  from: text,
  to: text,
  reason: text,
  detail: text,
});

export const transitionsPage: Schema = object({
  items: list(storedTransition),
  "nextBefore?": integer,
  gaps: list(object({ gateway: text, fromAt: instant, toAt: instant, count: integer })),
});

export const historyPage: Schema = object({
  points: list(
    object({
      at: instant,
      gateway: text,
      group: text,
      readyNodes: integer,
      totalNodes: integer,
      requestsPerSecond: number,
      failedRequests: integer,
      "headLagSlots?": integer,
      "finalityDistanceEpochs?": integer,
    }),
  ),
});

export const reasonList: Schema = list(object({ area: text, code: text, short: text, long: text }));
export const mutationAnswer: Schema = object({ auditId: integer, done: text });
export const errorAnswer: Schema = object({ error: object({ code: text, message: text }) });
