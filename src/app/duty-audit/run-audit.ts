import type { CallFailure } from "../../beacon/call-result.ts";
import { epochAt } from "../../chain/slot-clock.ts";
import { createCauseGatherer } from "../../duties/causes/gather-causes.ts";
import type { DutySource } from "../../duties/ports.ts";
import { auditEpoch, type EpochAudit } from "../../duties/read/audit-epoch.ts";
import { createHttpDutySource } from "../../duties/source/create-http-duty-source.ts";
import { emptyTotals } from "../../duties/totals.ts";
import { dutyBits, type ExceptionKind } from "../../duties/types.ts";
import { redactUrl } from "../../fleet/redact-url.ts";
import { checkBaseUrl, normalizeBaseUrl } from "../../fleet/url-check.ts";
import { AppError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { readNetwork } from "../duties/read-network.ts";
import type { AuditReport } from "./audit-report.ts";
import { resolveValidators, type ResolvedValidators } from "./resolve-validators.ts";
import type { NamedValidators } from "./validator-ids.ts";

export interface AuditRequest {
  beacon: string;
  /** Default: the newest epoch whose votes have all had their time. */
  epoch: number | undefined;
  validators: NamedValidators | undefined;
  /** Lost duties, and proofs, that are listed. */
  limit: number;
  wantsProof: boolean;
}

/** From so many validators on gwei are not asked for: records and rewards of a whole network are a gigabyte of JSON. */
const mostWithGwei = 50_000;
/** Proofs of perfect duties are made where so few validators are named. */
const fewNamed = 20;
/** Caveats that say of nodes what we did not ask them. */
const ofGwei = new Set(["no-rewards", "balances-unknown"]);
const progressMs = 2_000;
const kinds: readonly ExceptionKind[] = ["slashing", "proposal", "attestation", "sync"];

/**
 * Audits one epoch from a beacon node alone. Throws AppError: `bad-url`, `node-unusable`, `epoch-not-there`,
 * `state-pruned`, `unknown-validators`, `audit-failed`, `aborted`.
 */
export async function runAudit(
  request: AuditRequest,
  { clock, signal, progress }: { clock: Clock; signal: AbortSignal; progress: (line: string) => void },
): Promise<AuditReport> {
  const problem = checkBaseUrl(request.beacon);
  if (problem) throw new AppError(`ask a beacon node: ${problem.message}. ${problem.fix}`, { code: "bad-url" });
  const node = { name: redactUrl(request.beacon), url: normalizeBaseUrl(request.beacon) };
  const network = await readNetwork(node, clock, signal);
  if (signal.aborted) throw stopped();
  if ("problem" in network)
    throw new AppError(
      `read the network of ${node.name}: ${network.problem}. Check the address: it must be the Beacon API of a node, such as http://127.0.0.1:5052`,
      { code: "node-unusable" },
    );
  const currentEpoch = epochAt(network.timing, clock.now());
  const epoch = epochToAudit(request.epoch, currentEpoch);
  const source = createHttpDutySource({ nodes: [node], clock, spec: network.chain, log: silentLogger });
  const stopProgress = clock.every(progressMs, () => {
    const { requests, bytesReceived } = source.cost;
    progress(`reading epoch ${epoch}: ${requests} requests, ${(bytesReceived / 1e6).toFixed(1)} MB so far`);
  });
  try {
    const { validators } = request;
    const resolved = validators && (await resolveValidators(source, validators, signal));
    const causeOf = createCauseGatherer({ slotsPerEpoch: network.spec.slotsPerEpoch }).causeOf({
      spec: network.chain,
      genesis: network.timing.genesis,
    });
    const audit = await auditEpoch(
      { source: withBoundedGwei(source), spec: network.spec, now: clock.now, causeOf },
      epoch,
      resolved ? resolved.indices : "everybody",
      signal,
    );
    if (signal.aborted) throw stopped();
    if (!audit.ok) throw refusal(epoch, node.name, audit.failure);
    const at = { at: clock.now(), beacon: node.name, currentEpoch, cost: source.cost };
    return { ...at, ...reportOf(request, audit.value, resolved, network.spec.slotsPerEpoch) };
  } finally {
    stopProgress();
    await source.close();
  }
}

/** Epoch N is judged for all but reorgs once N + 1 has ended. */
function epochToAudit(wanted: number | undefined, currentEpoch: number): number {
  if (currentEpoch < 0) throw new AppError("audit an epoch: the chain has not begun yet", { code: "epoch-not-there" });
  if (wanted === undefined) {
    if (currentEpoch >= 2) return currentEpoch - 2;
    throw new AppError(
      `audit an epoch: the chain is in epoch ${currentEpoch}, and none has had its time yet. Name one with --epoch to see it as it stands`,
      { code: "epoch-not-there" },
    );
  }
  if (wanted <= currentEpoch) return wanted;
  throw new AppError(
    `audit epoch ${wanted}: it lies in the future, the chain is in epoch ${currentEpoch}. The newest that can be judged in full is ${Math.max(0, currentEpoch - 2)}`,
    { code: "epoch-not-there" },
  );
}

function refusal(epoch: number, node: string, { kind, status, message }: CallFailure): AppError {
  // Old states are refused in many ways: 404, 400 and 500 are all in use.
  if (status === 404 || (status !== undefined && message.startsWith("getEpochCommittees")))
    return new AppError(
      `audit epoch ${epoch}: ${node} does not hold what it takes any more, or not yet (${message}). Most nodes keep states of the last epochs only: ask for a newer epoch, or name an archive node with --beacon`,
      { code: "state-pruned" },
    );
  const retryable = kind !== "wrong-shape" && kind !== "not-json";
  const next = retryable
    ? "Try again, or look at the node with: slotkeeper check URL"
    : "Check the node's version, and that the address is a Beacon API";
  return new AppError(`audit epoch ${epoch}: ${message}. ${next}`, { code: "audit-failed", retryable });
}

function reportOf(
  { limit, wantsProof, validators }: AuditRequest,
  { result, prove }: EpochAudit,
  resolved: ResolvedValidators | undefined,
  slotsPerEpoch: number,
): Omit<AuditReport, "at" | "beacon" | "currentEpoch" | "cost"> {
  const { epoch, state, fork, rewards, caveats, network, exceptions, columns } = result;
  // The worst first: a list that is cut must not hide them.
  const shown = exceptions.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)).slice(0, limit);
  const proved = new Map(
    [...new Set(shown.filter(({ kind }) => kind === "attestation").map((one) => one.validatorIndex))].map((index) => [
      index,
      prove(index),
    ]),
  );
  const duties = shown.map((lost) => {
    const duty = lost.kind === "attestation" ? proved.get(lost.validatorIndex)?.duty : undefined;
    return { ...lost, seat: duty && { committee: duty.committee, position: duty.position } };
  });
  const isFew = validators !== undefined && columns.indices.length <= fewNamed;
  const proofs = isFew
    ? Array.from(columns.indices, (index) => proved.get(index) ?? prove(index))
    : [...proved.values()];
  const isGweiLeftOut = columns.indices.length > mostWithGwei;
  const idle = (resolved?.records ?? []).filter((_, place) => ((columns.duty[place] ?? 0) & dutyBits.assigned) === 0);
  return {
    ...{ epoch, state, fork, rewards, isGweiLeftOut, network, duties },
    caveats: isGweiLeftOut ? caveats.filter((code) => !ofGwei.has(code)) : caveats,
    fromSlot: epoch * slotsPerEpoch,
    toSlot: (epoch + 1) * slotsPerEpoch - 1,
    scope: resolved ? "named" : "everybody",
    ours: result.cohorts.find(({ key }) => key === "")?.totals ?? emptyTotals(),
    lost: exceptions.length,
    cut: exceptions.length - shown.length,
    unknown: resolved?.unknown ?? [],
    idle: idle.map(({ index, status }) => ({ validator: index, status })),
    proofs: wantsProof ? proofs : [],
  };
}

/** Hits, misses and delays need no balances: for very many validators they are left out rather than a node loaded. */
function withBoundedGwei(source: DutySource): DutySource {
  const isMany = (count: number) => count > mostWithGwei;
  const left = (what: string) => {
    const message = `${what}: left out for more than ${mostWithGwei} validators`;
    return Promise.resolve({
      ok: false as const,
      failure: { kind: "status" as const, status: 501, message },
      latencyMs: 0,
    });
  };
  return {
    ...source,
    get cost() {
      return source.cost;
    },
    balances: (stateId, indices, signal) =>
      isMany(indices.length) ? left("balances") : source.balances(stateId, indices, signal),
    validators: (stateId, ids, options, signal) =>
      isMany(ids?.length ?? 0) ? left("validators") : source.validators(stateId, ids, options, signal),
    attestationRewards: (epoch, indices, signal, effectiveBalances) =>
      isMany(indices.length) ? left("rewards") : source.attestationRewards(epoch, indices, signal, effectiveBalances),
  };
}

function stopped(): AppError {
  return new AppError("audit an epoch: stopped", { code: "aborted" });
}
