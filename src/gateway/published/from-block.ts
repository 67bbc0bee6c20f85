import type { SignedBlock } from "../safety/signed-block.ts";
import { createListing, type Published } from "./listing.ts";

/** Whose block of which slot on which parent. */
export function publishedBlock({ slot, proposerIndex, parentRoot }: SignedBlock): Published {
  const listing = createListing();
  const [at, signer] = [Number(slot), Number(proposerIndex)];
  const isReadable = Number.isSafeInteger(at) && Number.isSafeInteger(signer);
  if (isReadable) listing.add("", () => ({ slot: at, headRoot: parentRoot }), [signer]);
  else listing.skip();
  return { items: listing.done("block"), signerAt: () => (isReadable ? signer : undefined) };
}
