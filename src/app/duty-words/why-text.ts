import type { DutyExplanation } from "../../api/contract-duties.ts";
import type { DutyException } from "../../duties/types.ts";
import { gwei, percent, shareOf } from "./amounts.ts";
import { causeLong, causeShort } from "./lost-table.ts";
import { attestationSentence, byHandLines, proofLines } from "./proof-text.ts";
import { labelWords, nameOf, otherDuties, seenAt } from "./validators-text.ts";

const confidenceWords: Readonly<Record<string, string>> = {
  certain: "certain",
  likely: "likely",
  possible: "possible: it could be something else",
};

/** 1 where nothing at all could be said, else 0. */
export const whyExitStatus = ({ outcome, proof }: DutyExplanation): 0 | 1 => (outcome || proof ? 0 : 1);

/** Why a validator's epoch is what it is: outcome, causes with their evidence, and the proof. */
export function whyText({ validator, epoch, outcome, proof, noProof, network }: DutyExplanation): string {
  const state = outcome?.state ?? proof?.state;
  const lines = [`validator ${nameOf(validator)}, epoch ${epoch}${state === undefined ? "" : `, ${state}`}`];
  const labels = labelWords(validator.labels);
  if (labels !== "") lines.push(labels);
  lines.push("");
  if (outcome) {
    lines.push(attestationSentence({ ...outcome, duties: outcome.duty }));
    if (outcome.rewards !== "none")
      lines.push(`It earned ${gwei(outcome.earned)} gwei of ${gwei(outcome.ideal)} possible.`);
    lines.push(...otherDuties(outcome).map((duty) => `Also: ${duty}.`));
  } else if (proof) lines.push(attestationSentence(proof));
  else lines.push("What became of it is not known: this epoch is not stored.");
  if (network)
    lines.push(
      `Of the whole network in that slot ${percent(shareOf(network.included, network.assigned))} were included, ${percent(shareOf(network.timelyHead, network.assigned))} with a timely head.`,
    );
  for (const lost of outcome?.exceptions ?? []) lines.push("", ...causeLines(lost));
  if (outcome?.exceptions.length === 0) lines.push("", "Nothing was lost, so there is no cause to find.");
  if (proof) lines.push("", ...proofLines(proof), ...byHandLines(proof, "$BEACON"));
  else lines.push("", `no proof: ${noProof?.message ?? "the monitor did not say why"}`);
  return `${lines.join("\n")}\n`;
}

function causeLines({ kind, slot, outcome, lost, cause }: DutyException): string[] {
  const cost = typeof lost === "number" ? `, ${lost} gwei lost` : "";
  const evidence = cause.evidence.map(({ origin, at, text }) => {
    const when = seenAt(at);
    return `    ${origin}${when === "" ? "" : ` at ${when}`}: ${text}`;
  });
  return [
    `${kind} of slot ${slot}: ${outcome.replaceAll("-", " ")}${cost}`,
    `  cause: ${causeShort(cause.code)} (${cause.code}), ${confidenceWords[cause.confidence] ?? cause.confidence}`,
    `  ${causeLong(cause.code)}`,
    ...(evidence.length > 0 ? ["  evidence:", ...evidence] : ["  evidence: none"]),
  ];
}
