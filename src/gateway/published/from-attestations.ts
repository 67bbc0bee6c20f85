import type { AttestationItems } from "../safety/vote.ts";
import { createListing, type Published } from "./listing.ts";

/** Who attested what in a body that the tripwire has read. */
export function publishedAttestations({ votes }: AttestationItems): Published {
  const listing = createListing();
  for (const vote of votes) {
    if (vote === undefined) listing.skip();
    else listing.add(vote.data, () => ({ slot: vote.slot, ...rootsOf(vote.data, vote.targetEpoch) }), vote.signers);
  }
  return { items: listing.done("attestation"), signerAt: (index) => votes[index]?.signers[0] };
}

/** Head and target of a vote's data, `slot|index|source epoch|target epoch|head|source|target`. */
function rootsOf(data: string, epoch: number) {
  const [, , , , headRoot = "", , root = ""] = data.split("|");
  return { headRoot, target: { epoch, root } };
}
