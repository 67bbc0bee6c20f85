import type { Finding } from "./judge-state.ts";
import type { GroupStatus } from "./types.ts";

/** A refused slashable message is the first thing to say for so long, and stays a warning for a day. */
const refusalBadMs = 3_600_000;
const refusalWarnMs = 24 * 3_600_000;

const refusalWords = {
  "double-vote": "a second, different attestation",
  "double-proposal": "a second, different block",
  "surround-vote": "an attestation that surrounds another",
} as const;

/** A message that would have been slashable outranks everything: the same key may sign elsewhere, where nobody refuses it. */
export function findInTripwire({ tripwire }: GroupStatus, now: number): Finding[] {
  const last = tripwire?.last;
  if (!last || now - last.at > refusalWarnMs) return [];
  const who = last.validatorIndex === undefined ? "" : ` of validator ${last.validatorIndex}`;
  const what = refusalWords[last.kind] ?? "a slashable message";
  const sentence = `Slashable: ${what}${who} for slot ${last.slot} came from ${last.client} at ${clockTime(last.at)} and was not published.`;
  return [{ level: now - last.at > refusalBadMs ? "warning" : "bad", reason: "slashable-refused", sentence }];
}

/** Both clients name it again in each epoch: after so many without that, one of the two has stopped. */
const duplicateEpochs = 2;
const duplicateWarnMs = 3_600_000;

/** Two clients may sign with one key. One that has moved to another address looks the same for an epoch. */
export function findInKeys({ duplicateKey, network }: GroupStatus, now: number): Finding[] {
  if (!duplicateKey) return [];
  const { at, validatorIndex, clients } = duplicateKey;
  const ageMs = now - at;
  if (ageMs > duplicateWarnMs) return [];
  const epochMs = (network?.slotDurationMs ?? 12_000) * (network?.slotsPerEpoch ?? 32);
  const sentence = `Two clients use validator ${validatorIndex}: ${clients.slice(0, 3).join(" and ")}, last at ${clockTime(at)}.`;
  return [{ level: ageMs > duplicateEpochs * epochMs ? "warning" : "bad", reason: "duplicate-key", sentence }];
}

/** A person's "sign nothing" costs duties for as long as it lasts: bad, though somebody wants it. */
export function findInHold({ group, hold }: GroupStatus): Finding[] {
  if (!hold) return [];
  const reason = hold.reason.trim().replace(/[.\s]+$/, "");
  const since = hold.at > 0 ? ` since ${clockTime(hold.at)}` : "";
  const sentence = `Signing is on hold${since} (${reason}; by ${hold.by}): validators of group ${group} sign nothing.`;
  return [{ level: "bad", reason: "signing-on-hold", sentence }];
}

/** What a person has begun and not ended: a chosen branch, a drain that cannot end, a drill. */
export function findInOperation({ chosenBranch, drains, faults, view }: GroupStatus): Finding[] {
  const findings: Finding[] = [];
  if (chosenBranch && view.kind !== "split")
    findings.push({
      level: "warning",
      reason: "branch-chosen",
      sentence: `The nodes are split; the branch with head ${shortRoot(chosenBranch.root)} is served, as ${chosenBranch.by} chose at ${clockTime(chosenBranch.at)}.`,
    });
  for (const { node, waitsFor } of drains ?? [])
    if (waitsFor.some(({ kind }) => kind === "last-ready-node"))
      findings.push({
        level: "warning",
        reason: "drain-waits",
        sentence: `${node} cannot be drained: no other node is ready to take over.`,
      });
  const served = view.ready.find((node) => !faults?.some((fault) => fault.node === node));
  for (const { node, kind, by } of faults ?? [])
    findings.push({
      level: "warning",
      reason: "drill-running",
      sentence: `Drill: ${node} shows the fault ${kind}, asked for by ${by}; ${served === undefined ? "no other node is ready" : `duties are served by ${served}`}.`,
    });
  return findings;
}

/** "bn1 draining: block of slot 12, built here, is not published yet", or what the operator's mark is. */
export function setAsideWords({ nodes, drains }: GroupStatus): string[] {
  return nodes
    .filter(({ operator }) => operator !== "active")
    .map(({ node, operator }) => {
      const waits = drains?.find((drain) => drain.node === node)?.waitsFor ?? [];
      const [first] = waits;
      if (!first) return `${node} ${operator}`;
      const more = waits.length > 1 ? ` and ${waits.length - 1} more` : "";
      return `${node} ${operator}, waits for: ${first.detail.replace(/[.\s]+$/, "")}${more}`;
    });
}

const clockTime = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;
const shortRoot = (root: string) => (root.length > 12 ? `${root.slice(0, 10)}…` : root);
