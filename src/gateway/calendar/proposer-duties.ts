/** Who proposes in an epoch, as a node told it. */
export interface ProposerDuties {
  dependentRoot: string | undefined;
  proposals: readonly { slot: number; validatorIndex: number }[];
}

/** More than any preset has slots in an epoch: a longer list is no answer to this question. */
const maxProposals = 1_024;

/**
 * Reads the JSON answer of `getProposerDuties` (v1 or v2; the Beacon API gives no other form). `undefined` where it is
 * none: the calendar then goes on with what it had.
 */
export function readProposerDuties(body: Buffer): ProposerDuties | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString("utf8"));
  } catch {
    // Not JSON: a client that asked for another form, or a broken node. Nothing is learnt from it.
    return undefined;
  }
  if (typeof answer !== "object" || answer === null) return undefined;
  const { data, dependent_root: root } = answer as { data?: unknown; dependent_root?: unknown };
  if (!Array.isArray(data) || data.length > maxProposals) return undefined;
  const proposals = [];
  for (const duty of data as (Record<string, unknown> | null)[]) {
    const slot = uint(duty?.["slot"]);
    const validatorIndex = uint(duty?.["validator_index"]);
    if (slot === undefined || validatorIndex === undefined) return undefined;
    proposals.push({ slot, validatorIndex });
  }
  return { dependentRoot: typeof root === "string" ? root : undefined, proposals };
}

function uint(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
