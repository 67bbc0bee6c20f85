import type { CauseCode } from "../reasons.ts";
import { askedEvidence, atNode, found } from "../say.ts";
import { nodesOf } from "../scene.ts";
import type { AskedInput, CauseRule, Scene } from "../types.ts";
import { ailment, textOf } from "./node-state.ts";

/** What each of the gateway's own refusals of a signing input means for the duty. */
const refusals: Readonly<Record<string, CauseCode>> = {
  held: "held",
  "no-signing-node": "no-ready-node",
  "no-node": "no-ready-node",
  split: "nodes-disagree",
  "no-agreement": "nodes-disagree",
  "source-regressed": "source-regressed",
};

/** Its client asked for what it signs and got nothing. */
export const inputRefused: CauseRule = (scene) => {
  const { message, asked, lost, isWhole } = scene;
  if (message !== undefined || asked.length === 0 || lost.kind === "sync") return undefined;
  if (asked.some(({ status }) => status < 300)) return undefined;
  const last = asked.findLast(({ status }) => status !== 499) ?? asked.at(-1);
  if (!last) return undefined;
  const other = lost.kind === "proposal" ? blockFailure(asked) : "attestation-data-failed";
  const named = refusals[last.refusal?.reason ?? ""] ?? other;
  const code = named === "no-ready-node" ? (commonAilment(scene) ?? named) : named;
  const rows = asked.slice(-3).map((each) => askedEvidence(scene, each));
  return found(code, isWhole ? "certain" : "likely", ...rows, ...nodeRows(scene));
};

/** A builder or relay that failed says so in the node's words. */
function blockFailure(asked: readonly AskedInput[]): CauseCode {
  const words = asked.flatMap(({ answers }) => answers.map((each) => each.words ?? ""));
  return words.some((text) => /\b(builder|relay|mev)/i.test(text)) ? "builder-failed" : "block-production-failed";
}

/** Where all nodes were unfit for one and the same reason, that is the cause. */
function commonAilment({ record, home, dueAt }: Scene): CauseCode | undefined {
  if (!home) return undefined;
  const codes = nodesOf(record, home, dueAt).map(({ node }) => ailment(record, home, node, dueAt)?.code);
  return new Set(codes).size === 1 ? codes[0] : undefined;
}

/** What was known of the group's nodes then. */
function nodeRows({ record, home, dueAt }: Scene) {
  if (!home) return [];
  return nodesOf(record, home, dueAt).map(({ node, sample }) => {
    const ill = ailment(record, home, node, dueAt);
    return ill?.evidence ?? atNode(node, sample.at, textOf(sample));
  });
}

/** A hold was in force, and nothing was asked or signed. */
export const heldWithoutAsking: CauseRule = ({ message, asked, record, home, startAt, dueAt }) => {
  if (message !== undefined || asked.length > 0 || home === undefined) return undefined;
  const hold = record.holds.find(
    ({ gateway, group, fromAt, untilAt }) =>
      gateway === home.gateway && group === home.group && fromAt <= dueAt && (untilAt ?? Infinity) >= startAt,
  );
  if (!hold) return undefined;
  const text = `signing inputs were held by ${hold.by}: ${hold.reason}`;
  return found("held", "likely", { origin: `gateway:${hold.gateway}`, at: hold.fromAt, text });
};
