import type { LostAttestation, LostSync } from "../../judge/lost-duty.ts";
import type { CauseFinding } from "../../types.ts";
import { askedEvidence, atNode, found, messageEvidence, onChain, short } from "../say.ts";
import { canonicalSlot, importsOf, nodesOf, sentAt } from "../scene.ts";
import type { AskedInput, CauseRule, Scene } from "../types.ts";
import { strangersTimelyHead } from "./chain.ts";
import { ailment } from "./node-state.ts";

type HeadScene = Scene<LostAttestation> | Scene<LostSync>;

/** An attestation whose head or target is not the chain's: of a vote on chain, or of one that no block could take. */
export const wrongVote: CauseRule<LostAttestation> = (scene) => {
  const { lost, message } = scene;
  const { outcome, voted, expected } = lost;
  if (outcome === "wrong-head" || outcome === "wrong-target") {
    const head = voted?.headRoot ?? message?.headRoot;
    return head === undefined ? undefined : wrongHead(scene, head, expected.headRoot);
  }
  // Any block may include a vote for an old head; one for another branch, none.
  if (outcome !== "missed" || message?.headRoot === undefined || message.headRoot === expected.headRoot)
    return undefined;
  return canonicalSlot(scene, message.headRoot) === undefined
    ? wrongHead(scene, message.headRoot, expected.headRoot)
    : undefined;
};

/** Its client signed what our own nodes served, and that is of no block of the chain: no node of another branch takes it. */
export const servedOtherBranch: CauseRule<LostAttestation> = (scene) => {
  const { message, lost } = scene;
  if (lost.outcome !== "missed" || message?.headRoot === undefined) return undefined;
  if (message.headRoot === lost.expected.headRoot || servedBy(scene, message.headRoot) === undefined) return undefined;
  return canonicalSlot(scene, message.headRoot) === undefined
    ? wrongHead(scene, message.headRoot, lost.expected.headRoot)
    : undefined;
};

/** Why a message named `head` instead of `expected`. */
export function wrongHead(scene: HeadScene, head: string, expected: string): CauseFinding | undefined {
  if (head === expected) return undefined;
  const blockSlot = canonicalSlot(scene, head);
  if (blockSlot !== undefined) return oldHead(scene, head, expected);
  const served = servedBy(scene, head);
  const ill = illOf(scene, served);
  // A node on a branch of its own serves what the others leave behind.
  if (served && ill?.code === "off-fork") {
    const text = onChain(`it voted for ${short(head)}, which is no block of the chain`);
    return found("off-fork", scene.isWhole ? "certain" : "likely", text, askedEvidence(scene, served), ill.evidence);
  }
  const orphan = scene.record.chain.orphans.find(({ root }) => root === head);
  if (orphan) {
    const text = `it voted for ${short(head)} of slot ${orphan.slot}, which the chain left behind`;
    const isKnown = scene.isWhole && served !== undefined;
    return found("vote-orphaned", isKnown ? "certain" : "likely", onChain(text), ...heard(scene));
  }
  return otherBranch(scene, head, served, ill);
}

function illOf(scene: HeadScene, served: AskedInput | undefined): ReturnType<typeof ailment> {
  return served?.node === undefined ? undefined : ailment(scene.record, served, served.node, served.at);
}

/** The root is neither of the chain nor of a block that was seen to be left behind. */
function otherBranch(
  scene: HeadScene,
  head: string,
  served: AskedInput | undefined,
  ill: ReturnType<typeof ailment>,
): CauseFinding {
  const text = onChain(`it voted for ${short(head)}, which is no block of the chain`);
  if (isVotedByStrangers(scene, head)) return found("vote-orphaned", "likely", text, ...heard(scene));
  return found("off-fork", "likely", text, served && askedEvidence(scene, served), ill?.evidence);
}

function isVotedByStrangers({ lost }: HeadScene, head: string): boolean {
  if (lost.kind !== "attestation") return false;
  const votes = lost.slotVotes.find(({ headRoot }) => headRoot === head)?.votes ?? 0;
  return votes > lost.slotOwn.assigned;
}

/** The vote names a block of the chain, but an older one than it should. */
function oldHead(scene: HeadScene, head: string, expected: string): CauseFinding {
  const { record, slot, dueAt, home, isWhole } = scene;
  const served = servedBy(scene, head);
  const blockSlot = canonicalSlot(scene, expected) ?? slot;
  const chain = onChain(`it voted for ${short(head)}; the block of slot ${blockSlot} is ${short(expected)}`);
  const evidence = [chain, served && askedEvidence(scene, served)];
  const ill = illOf(scene, served);
  if (ill && ill.code !== "off-fork") return found(ill.code, isWhole ? "certain" : "likely", ...evidence, ill.evidence);
  const place = served ?? home;
  const imports = place ? importsOf(record.gateways.get(blockSlot), place, expected) : new Map<string, number>();
  const inTime = [...imports].filter(([, at]) => at <= dueAt);
  const rows = [...imports].map(([node, at]) => atNode(node, at, importText(scene, blockSlot, at)));
  if (place && imports.size > 0 && inTime.length === 0) {
    // Whoever has said nothing of it may have had it in time.
    const isAll = nodesOf(record, place, dueAt).every(({ node }) => imports.has(node));
    return found("late-block", isAll && isWhole && served ? "certain" : "likely", ...evidence, ...rows);
  }
  const own = served?.node === undefined ? undefined : imports.get(served.node);
  if (served && inTime.length > 0 && (own === undefined || own > sentAt(served)))
    return found("slow-node", own === undefined || !isWhole ? "likely" : "certain", ...evidence, ...rows);
  if (served && own !== undefined && own <= sentAt(served))
    return found("stale-head-served", "likely", ...evidence, ...rows);
  return withoutArrivals(scene, blockSlot, evidence);
}

/** Only the chain speaks: how strangers voted. */
function withoutArrivals(
  scene: HeadScene,
  blockSlot: number,
  evidence: readonly Parameters<typeof found>[2][],
): CauseFinding {
  const share = scene.lost.kind === "attestation" ? strangersTimelyHead(scene as Scene<LostAttestation>) : undefined;
  if (share !== undefined && share < 0.6)
    return found(
      "late-block",
      "likely",
      ...evidence,
      onChain(`${Math.round(100 * share)} % of strangers had this head in time`),
    );
  if (blockSlot < scene.slot) return found("wrong-skip-vote", "likely", ...evidence);
  return found("slow-node", "possible", ...evidence);
}

function importText({ record }: HeadScene, slot: number, at: number): string {
  const { spec, genesis } = record.network;
  return `imported it ${Math.round(at - genesis.genesisTimeMs - slot * spec.slotDurationMs)} ms after its slot began`;
}

/** The answer that the vote was made of. */
function servedBy({ asked, sight, home }: HeadScene, head: string): AskedInput | undefined {
  const isIt = (each: AskedInput) => each.status === 200 && each.headRoot === head;
  // Nobody knows whose client it was: any answer with this head is the best there is.
  return asked.findLast(isIt) ?? (home ? undefined : sight?.asked.findLast(isIt));
}

function heard(scene: HeadScene) {
  return scene.message ? [messageEvidence(scene, scene.message)] : [];
}
