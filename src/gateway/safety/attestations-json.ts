import { positions, uint, voteOf, type AttestationItems, type Vote } from "./vote.ts";

/** Reads a JSON body. */
export function readJsonAttestations(body: Buffer): AttestationItems | undefined {
  return readUsualJson(body) ?? readAnyJson(body);
}

const root = "0x[0-9a-fA-F]{64}";
const number = "[0-9]{1,16}";
const checkpoint = `\\{"epoch":"(${number})","root":"(${root})"\\}`;
/** A `SingleAttestation` as clients write it, up to its data: fields in the order of the specification, no white space. */
const usualBegin = new RegExp(`\\{"committee_index":"${number}","attester_index":"(${number})","data":`, "y");
const usualData = new RegExp(
  `\\{"slot":"(${number})","index":"(${number})","beacon_block_root":"(${root})","source":${checkpoint},"target":${checkpoint}\\}`,
  "y",
);
const [signatureBegin, signatureDigits, itemEnd] = [',"signature":"0x', 192, '"}'];

/** Votes of one slot have the same data, to the letter: it is read once. */
let lastData = "";
let lastVote: Vote | undefined;

/** Several times as fast as parsing, on what clients send from Electra on; `undefined` where it is the least different. */
function readUsualJson(body: Buffer): AttestationItems | undefined {
  const text = body.toString("latin1");
  const votes: Vote[] = [];
  const ends: number[] = [];
  if (!text.startsWith("[{")) return undefined;
  for (let at = 1; at < text.length; at++) {
    usualBegin.lastIndex = at;
    const attester = uint(usualBegin.exec(text)?.[1]);
    if (attester === undefined) return undefined;
    const vote = usualVote(text, usualBegin.lastIndex);
    if (!vote) return undefined;
    at = usualBegin.lastIndex + lastData.length;
    if (!text.startsWith(signatureBegin, at)) return undefined;
    at += signatureBegin.length + signatureDigits;
    if (text.indexOf('"', at - signatureDigits) !== at || !text.startsWith(itemEnd, at)) return undefined;
    at += itemEnd.length;
    votes.push({ ...vote, validatorIndex: attester, signers: [attester] });
    ends.push(at);
    if (text[at] === "]") return at === text.length - 1 ? { votes, without: withoutSlices(text, ends) } : undefined;
    if (text[at] !== ",") return undefined;
  }
  return undefined;
}

function usualVote(text: string, at: number): Vote | undefined {
  if (lastVote && text.startsWith(lastData, at)) return lastVote;
  usualData.lastIndex = at;
  const found = usualData.exec(text);
  if (!found) return undefined;
  const [data, slot, index, head = "", sourceEpoch, source = "", targetEpoch, target = ""] = found;
  const [s, i, from, to] = [uint(slot), uint(index), uint(sourceEpoch), uint(targetEpoch)];
  if (s === undefined || i === undefined || from === undefined || to === undefined) return undefined;
  lastData = data;
  lastVote = voteOf(s, i, from, to, `${head}|${source}|${target}`.toLowerCase());
  return lastVote;
}

/** The items as they came, but for some; `ends`: where each of them ends. */
function withoutSlices(text: string, ends: readonly number[]): AttestationItems["without"] {
  return (dropped) => {
    const items = ends.map((end, index) => text.slice((ends[index - 1] ?? 0) + 1, end));
    return Buffer.from(`[${items.filter((_, index) => !dropped.has(index)).join(",")}]`, "latin1");
  };
}

function readAnyJson(body: Buffer): AttestationItems | undefined {
  let list: unknown;
  try {
    list = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const items = list as unknown[];
  return {
    votes: items.map(voteOfJson),
    without: (dropped) => Buffer.from(JSON.stringify(items.filter((_, index) => !dropped.has(index)))),
  };
}

function voteOfJson(item: unknown): Vote | undefined {
  const { attester_index, aggregation_bits, data } = (item ?? {}) as Record<string, unknown>;
  const fields = (data ?? {}) as Record<string, unknown>;
  const source = (fields["source"] ?? {}) as Record<string, unknown>;
  const target = (fields["target"] ?? {}) as Record<string, unknown>;
  const [slot, index] = [uint(fields["slot"]), uint(fields["index"])];
  const [sourceEpoch, targetEpoch] = [uint(source["epoch"]), uint(target["epoch"])];
  const roots = [fields["beacon_block_root"], source["root"], target["root"]];
  if (slot === undefined || index === undefined || sourceEpoch === undefined || targetEpoch === undefined)
    return undefined;
  if (!roots.every((root): root is string => typeof root === "string")) return undefined;
  const vote = voteOf(slot, index, sourceEpoch, targetEpoch, roots.join("|").toLowerCase());
  const attester = uint(attester_index);
  if (attester !== undefined) return { ...vote, validatorIndex: attester, signers: [attester] };
  if (typeof aggregation_bits !== "string" || !/^0x([0-9a-f]{2}){1,300}$/i.test(aggregation_bits)) return undefined;
  return { ...vote, signers: positions(slot, index, Buffer.from(aggregation_bits.slice(2), "hex")) };
}
