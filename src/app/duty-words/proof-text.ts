import { dutyBits, type DutyProof } from "../../duties/types.ts";

const flagNames = [
  [dutyBits.timelySource, "source"],
  [dutyBits.timelyTarget, "target"],
  [dutyBits.timelyHead, "head"],
] as const;

/** "source, target timely; head not". */
export function flagWords(duties: number): string {
  const timely = flagNames.filter(([bit]) => (duties & bit) !== 0).map(([, name]) => name);
  const lost = flagNames.filter(([bit]) => (duties & bit) === 0).map(([, name]) => name);
  if (lost.length === 0) return "source, target and head timely";
  return timely.length === 0
    ? "neither source nor target nor head timely"
    : `${timely.join(", ")} timely; ${lost.join(", ")} not`;
}

/** What became of an attestation, in one sentence. */
export function attestationSentence(proof: Pick<DutyProof, "duties" | "delay" | "emptySlots" | "state">): string {
  const { duties, delay, emptySlots, state } = proof;
  const has = (bit: number) => (duties & bit) !== 0;
  const slashed = has(dutyBits.slashed) ? " The validator is slashed: it earns nothing." : "";
  if (!has(dutyBits.assigned)) return `It had no attestation duty in this epoch.${slashed}`;
  if (!has(dutyBits.included)) {
    const yet = state === "live" ? " so far; it can still be" : "";
    return `Its attestation is in no block of the chain${yet}.${slashed}`;
  }
  const late = delay === 255 ? "255 slots or more" : `${delay} slot${delay === 1 ? "" : "s"}`;
  const excused = emptySlots > 0 ? `, of which ${emptySlots} had no block` : "";
  return `Its attestation was included after ${late}${excused}: ${flagWords(duties)}.${slashed}`;
}

/** Everything by which a stranger can check one attestation, line by line. */
export function proofLines(proof: DutyProof): string[] {
  const { duty, expected, validatorIndex, epoch, state } = proof;
  const lines = [`proof: validator ${validatorIndex}, epoch ${epoch} (${state})`, `  ${attestationSentence(proof)}`];
  if (!duty) return [...lines, "  It is in no committee of the epoch."];
  lines.push(`  duty: slot ${duty.slot}, committee ${duty.committee}, position ${duty.position}`);
  if (proof.seatFrom === "record")
    lines.push(
      `    as recorded when the epoch was judged: no node holds its state any more. The blocks were read just now.`,
    );
  if (expected)
    lines.push(`  a right vote named head ${expected.headRoot}`, `              and target ${expected.targetRoot}`);
  for (const one of proof.inclusions)
    lines.push(
      `  included in block ${one.blockRoot} of slot ${one.blockSlot}: attestation ${one.attestation}, bit ${one.bit}, delay ${one.delay}`,
      `    voted head ${one.headRoot}, target ${one.target.epoch}/${one.target.root}, source ${one.source.epoch}/${one.source.root}`,
      `    by itself it gives: ${flagWords(one.duties)}`,
    );
  lines.push(`  examined, every slot in which a block could include it:`);
  for (const { slot, root } of proof.examined) lines.push(`    ${slot} ${root ?? "no block"}`);
  return lines;
}

/** The bit of a hex bitlist as jq reads it: bits are numbered from the lowest of each byte on. */
const bitOf = (bit: number): string =>
  `.aggregation_bits[${2 + 2 * Math.floor(bit / 8)}:${4 + 2 * Math.floor(bit / 8)}] | ascii_downcase | explode | map(if . > 96 then . - 87 else . - 48 end) | .[0] * 16 + .[1] | . / ${2 ** (bit % 8)} | floor % 2`;

/** Commands that ask any beacon node for the same facts, with curl and jq alone. */
export function byHandLines(
  { duty, epoch, validatorIndex, inclusions, examined, seatFrom }: DutyProof,
  beacon: string,
): string[] {
  if (!duty) return [];
  const lines = [
    `check it by hand at any beacon node:`,
    `  # who sat there: prints "${validatorIndex}"${seatFrom === "record" ? ", at an archive node" : ""}`,
    `  curl -s "${beacon}/eth/v1/beacon/states/${duty.slot}/committees?epoch=${epoch}&slot=${duty.slot}&index=${duty.committee}" | jq '.data[0].validators[${duty.position}]'`,
  ];
  for (const { blockRoot, attestation, bit } of inclusions.slice(0, 2))
    lines.push(
      `  # its vote, and its bit: prints 1`,
      `  curl -s "${beacon}/eth/v2/beacon/blocks/${blockRoot}" | jq '.data.message.body.attestations[${attestation}] | .data, (${bitOf(bit)})'`,
    );
  const first = examined.find(({ root }) => root !== undefined);
  if (inclusions.length === 0 && first)
    lines.push(
      `  # the votes of slot ${duty.slot} that a block holds; the same for every block above. In none its bit is set: bit ${duty.position},`,
      `  # plus the sizes of those committees in committee_bits that come before its own (before Electra none do)`,
      `  curl -s "${beacon}/eth/v2/beacon/blocks/${first.root}" | jq '.data.message.body.attestations[] | select(.data.slot == "${duty.slot}")'`,
    );
  return lines;
}
