import { slotAt, slotStartAt } from "../../chain/slot-clock.ts";
import { answer, unanswered, type Question } from "../answer.ts";
import { duration } from "../../lib/amounts.ts";
import { plural, timingFor } from "../chain-view.ts";
import type { Evidence, NodeEvidence } from "../evidence.ts";

const id = "node-head";

/** Empty slots and late blocks are normal up to here; the gateway stops serving signing inputs beyond the second. */
const freshSlots = 3;
const staleSlots = 8;
/** A block can be this early by honest disagreement of clocks (consensus-specs MAXIMUM_GOSSIP_CLOCK_DISPARITY is 500 ms). */
const earlyMs = 2000;

/** How old is the newest block that the node knows, by our clock? */
export const nodeHead: Question = {
  id,
  title: "head age",
  ask: (evidence) => evidence.nodes.map((node) => judge(node, evidence)),
};

function judge(node: NodeEvidence, evidence: Evidence) {
  const { subject } = node;
  const head = node.head.kind === "known" ? node.head : undefined;
  const seen = head ?? (node.syncing.kind === "known" ? node.syncing : undefined);
  if (!seen)
    return node.head.kind === "failed"
      ? unanswered(id, subject, node.head)
      : answer(id, subject, "unknown", "not-answered");
  const headSlot = "slot" in seen.value ? seen.value.slot : seen.value.headSlot;
  const timing = timingFor(node, evidence);
  if (!timing)
    return answer(id, subject, "unknown", "not-answered", `head ${headSlot}; slot timing unknown`, { headSlot });
  const slot = slotAt(timing, seen.at);
  const lag = slot - headSlot;
  const facts = { headSlot, wallClockSlot: slot, lagSlots: lag, headRoot: head?.value.root };
  const early = slotStartAt(timing, headSlot) - seen.at;
  if (slot < 0)
    return answer(
      id,
      subject,
      "warning",
      "before-genesis",
      `starts in ${duration(-seen.at + timing.genesis.genesisTimeMs)}`,
      facts,
    );
  if (early > earlyMs)
    return answer(
      id,
      subject,
      "bad",
      "head-in-future",
      `head ${headSlot} is ${duration(early)} ahead of our clock`,
      facts,
    );
  const behind = lag <= 0 ? "current slot" : `${plural(lag, "slot")} behind`;
  const detail = `head ${headSlot}, ${behind}`;
  if (lag <= freshSlots) return answer(id, subject, "good", "head-fresh", detail, facts);
  const age = `${detail} (${duration(seen.at - slotStartAt(timing, headSlot))} old)`;
  if (lag <= staleSlots) return answer(id, subject, "warning", "head-behind", age, facts);
  return answer(id, subject, "bad", "head-stale", age, facts);
}
