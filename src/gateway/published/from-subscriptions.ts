import type { ReplayItem } from "../replay/replay-items.ts";
import { createListing, type Published } from "./listing.ts";

/** Which validators a client announced for which slot: it holds their keys and knows their duties. */
export function publishedSubscriptions(items: readonly ReplayItem[]): Published {
  const listing = createListing();
  for (const { slot, validatorIndex } of items) {
    if (slot === undefined || validatorIndex === undefined) listing.skip();
    else listing.add(String(slot), () => ({ slot }), [validatorIndex]);
  }
  return { items: listing.done("subscription"), signerAt: (index) => items[index]?.validatorIndex };
}
