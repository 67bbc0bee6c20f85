import type { ArrivalRecord, EvidenceRecord, PublishedItems, PublishedVote, Signer } from "./types.ts";

type Fields = Record<string, unknown>;

/**
 * What a gateway one version older does not send in its evidence, and a newer one may send in another shape: whole, or left
 * out. A list of votes of which some cannot be read counts those as unlisted.
 */
export function parseEvidenceAdditions(record: Fields): Partial<EvidenceRecord> {
  const added: Partial<EvidenceRecord> = {};
  const { forSlot, servedHeadRoot } = record;
  if (isWhole(forSlot)) added.forSlot = forSlot;
  if (typeof servedHeadRoot === "string") added.servedHeadRoot = servedHeadRoot;
  const { reason, detail } = fieldsOf(record["refusal"]);
  if (typeof reason === "string") added.refusal = { reason, detail: typeof detail === "string" ? detail : "" };
  const published = parsePublished(record["published"]);
  if (published) added.published = published;
  return added;
}

/** The names of what `parseEvidenceAdditions` reads. */
export const evidenceAdditions: ReadonlySet<string> = new Set<keyof EvidenceRecord>([
  "forSlot",
  "servedHeadRoot",
  "refusal",
  "published",
]);

const publishedKinds: readonly string[] = [
  "attestation",
  "sync-message",
  "block",
  "subscription",
] satisfies PublishedItems["kind"][];

function parsePublished(value: unknown): PublishedItems | undefined {
  const { kind, votes, unlisted, refused } = fieldsOf(value);
  if (typeof kind !== "string" || !publishedKinds.includes(kind) || !Array.isArray(votes)) return undefined;
  const read = (votes as unknown[]).map(parseVote);
  const whole = read.filter((vote) => vote !== undefined);
  const items: PublishedItems = {
    kind: kind as PublishedItems["kind"],
    votes: whole,
    unlisted: (isWhole(unlisted) ? unlisted : 0) + read.length - whole.length,
  };
  if (!Array.isArray(refused)) return items;
  return { ...items, refused: (refused as unknown[]).map(parseRefused).filter((each) => each !== undefined) };
}

function parseVote(value: unknown): PublishedVote | undefined {
  const { slot, headRoot, target, signers } = fieldsOf(value);
  if (!isWhole(slot) || !Array.isArray(signers) || !signers.every(isSigner)) return undefined;
  const { epoch, root } = fieldsOf(target);
  return {
    slot,
    signers,
    ...(typeof headRoot === "string" && { headRoot }),
    ...(isWhole(epoch) && typeof root === "string" && { target: { epoch, root } }),
  };
}

function parseRefused(value: unknown): { signer: Signer; words: string } | undefined {
  const { signer, words } = fieldsOf(value);
  return isSigner(signer) && typeof words === "string" ? { signer, words } : undefined;
}

const arrivalKinds: readonly string[] = ["gossip", "block", "head"] satisfies ArrivalRecord["kind"][];

/** `undefined`: not an arrival as this version knows it. */
export function readArrivalRecord(value: unknown): ArrivalRecord | undefined {
  const { at, group, node, kind, slot, root } = fieldsOf(value);
  if (typeof at !== "number" || !Number.isFinite(at) || !isWhole(slot)) return undefined;
  if (typeof kind !== "string" || !arrivalKinds.includes(kind)) return undefined;
  if (typeof group !== "string" || typeof node !== "string" || typeof root !== "string") return undefined;
  return { at, group, node, kind: kind as ArrivalRecord["kind"], slot, root };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSigner = (value: unknown): value is Signer => isWhole(value) || typeof value === "string";

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
