import { AppError } from "../lib/app-error.ts";
import type { Health, OperatorState, Transition, UpstreamStatus } from "../upstream/types.ts";
import { evidenceAdditions, parseEvidenceAdditions, readArrivalRecord } from "./parse-evidence.ts";
import {
  controlVersion,
  type ArrivalRecord,
  type EvidenceRecord,
  type FaultLease,
  type GatewayStatus,
  type GroupStatus,
  type SequencePage,
  type WatchLine,
} from "./types.ts";

type Fields = Record<string, unknown>;

const healths: readonly string[] = ["unknown", "syncing", "warming", "ready", "suspect", "down"] satisfies Health[];
const operators: readonly string[] = ["active", "cordoned", "draining", "maintenance"] satisfies OperatorState[];
const viewKinds: readonly string[] = ["none", "serving", "degraded", "split"];

/**
 * Reads a gateway's status as the neighbouring versions send it: fields that are unknown here are kept and ignored, values
 * that are unknown here become "unknown" or the careful choice, and what is missing altogether is an `AppError`.
 */
export function parseStatus(value: unknown): GatewayStatus {
  const status = fields(value, "status");
  const version = number(status, "controlVersion");
  if (Math.abs(version - controlVersion) > 1)
    throw new AppError(
      `read the gateway's status: it speaks control version ${version}, this monitor ${controlVersion}. Run versions at most one apart.`,
      { code: "control-version" },
    );
  for (const name of ["gateway", "version", "configRevision"]) text(status, name);
  for (const name of ["startedAt", "at", "lastTransitionSeq", "lastEvidenceSeq"]) number(status, name);
  number(fields(status["process"], "process"), "rssBytes");
  return { ...status, groups: list(status, "groups").map(parseGroup) } as unknown as GatewayStatus;
}

function parseGroup(value: unknown): GroupStatus {
  const group = fields(value, "groups[]");
  text(group, "group");
  const view = fields(group["view"], "view");
  for (const name of ["ready", "fallback", "signingInputs"]) list(view, name);
  number(view, "generation");
  const requests = fields(group["requests"], "requests");
  for (const name of ["total", "failed", "perSecond", "streams"]) number(requests, name);
  const network = group["network"] === null ? undefined : group["network"];
  if (network !== undefined)
    for (const name of ["genesisTimeMs", "slotDurationMs", "slotsPerEpoch"]) number(fields(network, "network"), name);
  return {
    ...Object.fromEntries(Object.entries(group).filter(([name]) => !additions.has(name))),
    ...parseAdditions(group),
    network,
    view: { ...view, kind: known(view["kind"], viewKinds, "degraded") },
    nodes: list(group, "nodes").map(parseNode),
  } as unknown as GroupStatus;
}

const additions: ReadonlySet<string> = new Set<keyof GroupStatus>([
  ...([
    "hold",
    "sourceWatermark",
    "branches",
    "chosenBranch",
    "drains",
    "faults",
    "tripwire",
    "duplicateKey",
    "proposals",
  ] as const),
]);

/** What a gateway one version older does not send, and a newer one may send in another shape: whole, or left out. */
function parseAdditions(group: Fields): Fields {
  const isWhole = (value: unknown, texts: readonly string[], numbers: readonly string[]) => {
    if (typeof value !== "object" || value === null) return false;
    const each = value as Fields;
    return (
      texts.every((name) => typeof each[name] === "string") && numbers.every((name) => Number.isFinite(each[name]))
    );
  };
  const one = (name: string, texts: readonly string[], numbers: readonly string[]) =>
    isWhole(group[name], texts, numbers) ? group[name] : undefined;
  const many = (name: string, texts: readonly string[], numbers: readonly string[]) => {
    const value = group[name];
    return Array.isArray(value) ? value.filter((each) => isWhole(each, texts, numbers)) : undefined;
  };
  const drains = many("drains", ["node", "by"], ["at"]) as Fields[] | undefined;
  // A hold that cannot be read is still a hold: nothing may look free because a field was renamed.
  const isHeld = typeof group["hold"] === "object" && group["hold"] !== null;
  const unread = isHeld ? { reason: "not readable by this version", by: "unknown", at: 0 } : undefined;
  const read: Fields = {
    hold: one("hold", ["reason", "by"], ["at"]) ?? unread,
    sourceWatermark: one("sourceWatermark", [], ["epoch", "at"]),
    branches: many("branches", ["root"], ["slot", "support"])?.filter((each: Fields) => Array.isArray(each["nodes"])),
    chosenBranch: one("chosenBranch", ["root", "by"], ["at"]),
    drains: drains?.filter((each) => Array.isArray(each["waitsFor"])),
    faults: many("faults", ["id", "node", "kind", "by"], ["startedAt", "expiresAt"]),
    tripwire: one("tripwire", [], ["refused"]),
    duplicateKey: Array.isArray((group["duplicateKey"] as Fields | undefined)?.["clients"])
      ? one("duplicateKey", [], ["at", "validatorIndex"])
      : undefined,
    proposals: many("proposals", [], ["slot", "validatorIndex"]),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function parseNode(value: unknown): UpstreamStatus {
  const node = fields(value, "nodes[]");
  for (const name of ["node", "url", "reason", "detail"]) text(node, name);
  number(node, "sinceAt");
  return {
    ...node,
    warnings: Array.isArray(node["warnings"]) ? node["warnings"] : [],
    labels: typeof node["labels"] === "object" && node["labels"] !== null ? node["labels"] : {},
    health: known(node["health"], healths, "unknown"),
    operator: known(node["operator"], operators, "cordoned"),
  } as unknown as UpstreamStatus;
}

/** A line of the watch stream; `undefined` for kinds that a newer gateway sends and this monitor does not know. */
export function parseWatchLine(line: string): WatchLine | undefined {
  const value = fields(parseJson(line), "watch line");
  if (value["kind"] === "status") return { kind: "status", status: parseStatus(value["status"]) };
  if (value["kind"] !== "transition") return undefined;
  return { kind: "transition", seq: number(value, "seq"), transition: parseTransition(value["transition"]) };
}

export function parseFault(value: unknown): FaultLease {
  const fault = fields(value, "fault");
  for (const name of ["id", "node", "kind", "by"]) text(fault, name);
  for (const name of ["startedAt", "expiresAt"]) number(fault, name);
  return fault as unknown as FaultLease;
}

export function parseTransition(value: unknown): Transition {
  const transition = fields(value, "transition");
  for (const name of ["group", "kind", "from", "to", "reason", "detail"]) text(transition, name);
  number(transition, "at");
  return transition as unknown as Transition;
}

export function parseEvidence(value: unknown): EvidenceRecord {
  const record = fields(value, "evidence");
  for (const name of ["group", "route", "requestId"]) text(record, name);
  number(record, "at");
  list(record, "answers");
  return {
    ...Object.fromEntries(Object.entries(record).filter(([name]) => !evidenceAdditions.has(name))),
    ...parseEvidenceAdditions(record),
  } as unknown as EvidenceRecord;
}

export function parseArrival(value: unknown): ArrivalRecord {
  const arrival = readArrivalRecord(value);
  if (arrival) return arrival;
  throw garbage("an arrival lacks a field");
}

export function parsePage<T>(value: unknown, parseItem: (item: unknown) => T): SequencePage<T> {
  const page = fields(value, "page");
  const items = list(page, "items").map((entry) => {
    const { seq, item } = fields(entry, "items[]");
    return { seq: number({ seq }, "seq"), item: parseItem(item) };
  });
  const parsed: SequencePage<T> = { items, nextAfter: number(page, "nextAfter") };
  if (page["gap"] === undefined || page["gap"] === null) return parsed;
  const gap = fields(page["gap"], "gap");
  return { ...parsed, gap: { fromSeq: number(gap, "fromSeq"), toSeq: number(gap, "toSeq") } };
}

export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new AppError("read the gateway's answer: it is no JSON", { code: "control-garbage", cause });
  }
}

function known(value: unknown, allowed: readonly string[], otherwise: string): string {
  return typeof value === "string" && allowed.includes(value) ? value : otherwise;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw garbage(`${what} is no object`);
}

function list(from: Fields, name: string): unknown[] {
  const value = from[name];
  if (Array.isArray(value)) return value;
  throw garbage(`${name} is no list`);
}

function number(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw garbage(`${name} is no number`);
}

function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value === "string") return value;
  throw garbage(`${name} is no text`);
}

function garbage(what: string): AppError {
  return new AppError(`read the gateway's answer: ${what}. Is this a Slotkeeper gateway's control address?`, {
    code: "control-garbage",
  });
}
