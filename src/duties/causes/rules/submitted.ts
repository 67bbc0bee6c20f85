import type { LostAttestation } from "../../judge/lost-duty.ts";
import type { CauseEvidence } from "../../types.ts";
import { askedEvidence, atNode, found, messageEvidence, onChain, percent } from "../say.ts";
import { nodesOf, sentAt } from "../scene.ts";
import type { CauseRule, Scene } from "../types.ts";
import { textOf } from "./node-state.ts";

/** It came when aggregates were being made, or later; from half way between both deadlines on, that is the likely reason. */
export const submittedLate: CauseRule = (scene) => {
  const { message, dueAt, aggregateAt, isWhole, messages } = scene;
  if (message?.isAccepted !== true) return undefined;
  const at = Math.min(...messages.map(sentAt));
  if (at <= (dueAt + aggregateAt) / 2) return undefined;
  const isCertain = at > aggregateAt && isWhole;
  return found("submitted-late", isCertain ? "certain" : "likely", messageEvidence(scene, message), slowInput(scene));
};

/** What it was made of came late itself. */
function slowInput(scene: Scene): CauseEvidence | undefined {
  const { asked, dueAt } = scene;
  const last = asked.findLast(({ status }) => status === 200);
  return last && last.at > dueAt ? askedEvidence(scene, last) : undefined;
}

/** Nodes took it that nobody listened to. */
export const sentToZeroPeers: CauseRule = (scene) => {
  const { message, record, home, lost, isWhole } = scene;
  if (message?.isAccepted !== true || home === undefined || lost.outcome === "late") return undefined;
  const nodes = withLaterPeers(nodesOf(record, home, message.at), scene, home, message.at);
  const took = message.answers.filter(({ status }) => status !== undefined && status < 300).map(({ node }) => node);
  const isAlone = ({ sample }: (typeof nodes)[number]) => sample.peers === 0;
  const isKnown = nodes.every(({ sample }) => sample.at <= message.at);
  const takers = nodes.filter(({ node }) => took.includes(node));
  if (takers.length === 0 || takers.length < took.length || !takers.every(isAlone)) return undefined;
  // All nodes get every message: one with peers that did not answer in time may have spread it.
  const isAll = nodes.every(isAlone);
  if (
    !isAll &&
    nodes.some(({ node, sample }) => !took.includes(node) && (sample.peers ?? 1) > 0 && sample.health === "ready")
  )
    return undefined;
  const rows = takers.map(({ node, sample }) => atNode(node, sample.at, textOf(sample)));
  return found(
    "sent-to-zero-peers",
    isAll && isWhole && isKnown ? "certain" : "likely",
    messageEvidence(scene, message),
    ...rows,
  );
};

/** A gateway asks for peers every 10 s: one that it found alone this soon afterwards was so before, or nearly. */
const peersSoonMs = 12_000;

function withLaterPeers(
  nodes: ReturnType<typeof nodesOf>,
  { record }: Scene,
  home: { gateway: string; group: string },
  at: number,
): ReturnType<typeof nodesOf> {
  const later = nodesOf(record, home, at + peersSoonMs);
  return nodes.map((each) => {
    const soon = later.find(({ node }) => node === each.node);
    return soon?.sample.peers === 0 && each.sample.peers !== 0 ? soon : each;
  });
}

/** A block that included it may have been left behind by the chain. */
export const orphanedInclusion: CauseRule<LostAttestation> = (scene) => {
  const { lost, message, record } = scene;
  if (message?.isAccepted !== true || (lost.outcome !== "missed" && lost.outcome !== "late")) return undefined;
  const until = lost.outcome === "late" ? lost.slot + lost.detail - 1 : lost.slot + record.network.spec.slotsPerEpoch;
  const orphan = record.chain.orphans.find(({ slot }) => slot > lost.slot && slot <= until);
  if (!orphan || orphan.slot > lost.slot + 2) return undefined;
  const text = `the block of slot ${orphan.slot} was left behind by the chain`;
  return found("orphaned-inclusion", "likely", messageEvidence(scene, message), onChain(text));
};

/** It was there in time, and no block took it, or only a later one. */
export const notIncluded: CauseRule<LostAttestation> = (scene) => {
  const { lost, message } = scene;
  if (message?.isAccepted !== true || (lost.outcome !== "missed" && lost.outcome !== "late")) return undefined;
  return found("not-included", "likely", messageEvidence(scene, message), committeeText(lost));
};

export function committeeText({ committeeNetwork: { assigned, included }, seat }: LostAttestation): CauseEvidence {
  const share = assigned === 0 ? "none" : percent(included, assigned);
  return onChain(`${share} of committee ${seat.committee} was included`);
}
