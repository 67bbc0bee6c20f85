import { flag, instant, integer, list, number, object, oneOf, text } from "./schema-words.ts";

const finding = object({ reason: text, detail: text, isSoft: flag, "tryAgainAt?": instant });

const score = object({
  "detectMs?": number,
  "detectReason?": text,
  "switchMs?": number,
  "worstMs?": number,
  dutyRequests: integer,
  affected: integer,
  served: integer,
  failed: integer,
  retried: integer,
  unseen: integer,
  "recoverMs?": number,
});

const drill = { id: text, gateway: text, group: text, node: text, kind: text, by: text, askedAt: instant };

export const drillProgress = object({
  ...drill,
  phase: oneOf("guarding", "starting", "running", "recovering", "done", "aborted", "refused"),
  "startedAt?": instant,
  "plannedEndAt?": instant,
  "liftedAt?": instant,
  "endedAt?": instant,
  findings: list(finding),
  sentence: text,
  score,
});

const evidence = object({
  at: instant,
  requestId: text,
  client: text,
  method: text,
  route: text,
  status: integer,
  durationMs: number,
  "servedBy?": text,
  answers: text,
});

const drillRecord = object({
  ...drill,
  startedAt: instant,
  liftedAt: instant,
  endedAt: instant,
  outcome: oneOf("passed", "failed", "aborted"),
  findings: list(finding),
  sentence: text,
  score,
  evidence: list(evidence),
});

export const drillsPage = object({
  running: list(drillProgress),
  past: list(drillRecord),
  kinds: list(object({ kind: text, short: text, long: text })),
});

export const startDrillAnswer = object({ auditId: integer, done: text, drill: drillProgress });
