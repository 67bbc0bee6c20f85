import type { CauseOf, LostAttestation, LostDuty, LostProposal, LostSync } from "../judge/lost-duty.ts";
import type { CauseFinding } from "../types.ts";
import { clientDown, clientSilent, gatewayDown, keyNotLoaded, notAsked, notSigned } from "./rules/absent.ts";
import { committeeLate, fleetAtSlot, offline, stoppedBeforeExit } from "./rules/alone.ts";
import { inactive, networkWide, nextSlotEmpty, slashed } from "./rules/chain.ts";
import { servedOtherBranch, wrongVote } from "./rules/head.ts";
import { heldWithoutAsking, inputRefused } from "./rules/input.ts";
import { blockLate, blockLeftBehind, brokenPolicy } from "./rules/proposal.ts";
import { publishFailed, refusedAsSlashable, refusedByNodes } from "./rules/refused.ts";
import { notIncluded, orphanedInclusion, sentToZeroPeers, submittedLate } from "./rules/submitted.ts";
import { syncHeadDiffers, syncNetworkWide, syncNotIncluded } from "./rules/sync.ts";
import { sceneOf } from "./scene.ts";
import type { CauseRecord, CauseRule } from "./types.ts";

/** What was never signed: by whose fault. */
const unsigned: readonly CauseRule[] = [
  inputRefused,
  gatewayDown,
  clientDown,
  keyNotLoaded,
  heldWithoutAsking,
  clientSilent,
  notSigned,
  notAsked,
];
/** What was signed and reached no node. */
const unpublished: readonly CauseRule[] = [refusedAsSlashable, refusedByNodes, publishFailed];

/** In order: the first rule that finds something decides. One more rule is one line here, and its code in `reasons.ts`. */
const attestationRules: readonly CauseRule<LostAttestation>[] = [
  slashed,
  inactive,
  servedOtherBranch,
  ...unpublished,
  wrongVote,
  networkWide,
  nextSlotEmpty,
  submittedLate,
  sentToZeroPeers,
  orphanedInclusion,
  notIncluded,
  ...unsigned,
  stoppedBeforeExit,
  offline,
  fleetAtSlot,
  committeeLate,
];

const proposalRules: readonly CauseRule<LostProposal>[] = [
  brokenPolicy,
  slashed,
  inactive,
  ...unpublished,
  blockLate,
  sentToZeroPeers,
  blockLeftBehind,
  ...unsigned,
  stoppedBeforeExit,
  offline,
];

const syncRules: readonly CauseRule<LostSync>[] = [
  slashed,
  syncNetworkWide,
  ...unpublished,
  syncHeadDiffers,
  submittedLate,
  sentToZeroPeers,
  syncNotIncluded,
  ...unsigned,
  offline,
];

const unknown: CauseFinding = { code: "unknown", confidence: "possible", evidence: [] };
/** Sync duties are judged by an epoch: so many of its missed slots are looked at. */
const syncSlots = 8;

/**
 * Why a duty was lost. Pure and total: whatever is missing in the record lowers the confidence, and where nothing speaks for
 * a cause the answer is `unknown`, never a guess.
 */
export function findCause(lost: LostDuty, record: CauseRecord): CauseFinding {
  switch (lost.kind) {
    case "attestation":
      return first(attestationRules, lost, record, lost.slot);
    case "proposal":
      return first(proposalRules, lost, record, lost.slot);
    case "sync":
      return syncCause(lost, record);
    case "slashing":
      return slashed(sceneOf(lost, record)) ?? unknown;
  }
}

/** The hook of the judge, over what was gathered. */
export function causesFrom(record: Omit<CauseRecord, "chain">): CauseOf {
  return (lost, chain) => findCause(lost, { ...record, chain });
}

function first<L extends LostDuty>(
  rules: readonly CauseRule<L>[],
  lost: L,
  record: CauseRecord,
  slot: number,
): CauseFinding {
  const scene = sceneOf(lost, record, slot);
  for (const rule of rules) {
    const finding = rule(scene);
    if (finding) return finding;
  }
  return unknown;
}

/** The cause of most of its missed slots; a block's bits sign the slot before it. */
function syncCause(lost: LostSync, record: CauseRecord): CauseFinding {
  const findings = lost.missedSlots.slice(0, syncSlots).map((slot) => first(syncRules, lost, record, slot - 1));
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const [top] = [...counts].sort(([a, x], [b, y]) => y - x || Number(a === "unknown") - Number(b === "unknown"));
  const best = findings.find(({ code }) => code === top?.[0]) ?? unknown;
  const isAll = top?.[1] === lost.missedSlots.length;
  // One code for an epoch in which other things happened too is never certain.
  return isAll || best.confidence !== "certain" ? best : { ...best, confidence: "likely" };
}
