import { answer, unanswered, type Answer, type Question } from "../answer.ts";
import { majorityOf, plural, shortRoot } from "../chain-view.ts";
import { valueOf, type Evidence, type NodeEvidence } from "../evidence.ts";

const id = "fork";

/**
 * Is everyone on the same chain? Compares the block at agreed past slots across own nodes and references. A slot that is
 * empty on one node and has a block on another is a difference as well.
 */
export const fork: Question = {
  id,
  title: "same chain",
  ask: (evidence) => {
    const voices = comparable(evidence);
    return [...evidence.nodes, ...evidence.references].map((node) => judge(node, voices, evidence));
  },
};

/** Servers of the majority's genesis that answered for at least one slot: only these can agree or disagree. */
function comparable({ nodes, references }: Evidence): NodeEvidence[] {
  const all = [...nodes, ...references];
  const genesis = majorityOf(all.flatMap((node) => valueOf(node.genesis)?.genesisValidatorsRoot ?? []))?.value;
  return all.filter((node) => {
    const own = valueOf(node.genesis)?.genesisValidatorsRoot;
    return (own === undefined || own === genesis) && [...node.roots.values()].some((fact) => fact.kind === "known");
  });
}

function judge(node: NodeEvidence, voices: readonly NodeEvidence[], evidence: Evidence): Answer {
  const { subject } = node;
  const isOurs = subject.kind === "node";
  if (evidence.nodes.length + evidence.references.length < 2) {
    return answer(id, subject, "not-asked", "not-given", "needs a second node, or --reference URL");
  }
  if (!voices.includes(node)) return whyNotCompared(node, voices.length);
  if (voices.length < 2)
    return answer(id, subject, "unknown", "not-answered", "no other server answered to compare with");
  const slots = [...node.roots].flatMap(([slot, fact]) => (fact.kind === "known" ? [{ slot, root: fact.value }] : []));
  let compared = 0;
  for (const { slot, root } of slots.sort((a, b) => a.slot - b.slot)) {
    const seen = voices.flatMap((voice) => {
      const fact = voice.roots.get(slot);
      return fact?.kind === "known" ? [fact.value ?? "empty"] : [];
    });
    if (seen.length < 2) continue;
    compared = Math.max(compared, seen.length);
    const mine = root ?? "empty";
    const majority = majorityOf(seen);
    if (majority?.isStrict === true && majority.value === mine) continue;
    const facts = { slot, root: mine, voices: seen.length, agreeing: seen.filter((other) => other === mine).length };
    const detail = `slot ${slot}: ${shortRoot(mine)}, others ${[...new Set(seen)]
      .filter((other) => other !== mine)
      .map(shortRoot)
      .join(", ")}`;
    if (majority?.isStrict !== true) return answer(id, subject, "bad", "fork-split", detail, facts);
    return answer(id, subject, isOurs ? "bad" : "warning", "fork-differs", detail, facts);
  }
  if (compared < 2) return answer(id, subject, "unknown", "not-answered", "no slot that two servers answered for");
  const last = slots.at(-1);
  const detail = `${plural(compared, "server")} agree at slot ${last?.slot}`;
  return answer(id, subject, "good", "fork-same", detail, {
    slot: last?.slot,
    root: last?.root ?? "empty",
    voices: compared,
  });
}

function whyNotCompared(node: NodeEvidence, voices: number): Answer {
  const { subject, head } = node;
  if (head.kind === "failed" && node.syncing.kind === "failed") return unanswered(id, subject, head);
  const failed = [...node.roots.values()].find((fact) => fact.kind === "failed");
  if (failed?.kind === "failed") return unanswered(id, subject, failed);
  const headSlot = valueOf(head)?.slot ?? valueOf(node.syncing)?.headSlot;
  if (voices === 0) return answer(id, subject, "unknown", "not-answered", "no other server answered to compare with");
  if (node.roots.size === 0) {
    return answer(id, subject, "unknown", "fork-too-far-behind", `its head is ${headSlot ?? "unknown"}`, { headSlot });
  }
  return answer(id, subject, "unknown", "fork-not-comparable");
}
