import type { SimRoute } from "../node/types.ts";
import { field, postItems, type ItemCheck } from "./items.ts";

const isSubscription: ItemCheck = (item) =>
  typeof field(item, "validator_index") === "string" ? undefined : "Malformed subscription";

const isPreparation: ItemCheck = (item) => {
  const recipient = field(item, "fee_recipient");
  if (!/^\d+$/.test(String(field(item, "validator_index")))) return "Malformed validator_index";
  return typeof recipient === "string" && /^0x[0-9a-fA-F]{40}$/.test(recipient) ? undefined : "Malformed fee_recipient";
};

const isRegistration: ItemCheck = (item) =>
  typeof field(item, "message", "pubkey") === "string" ? undefined : "Malformed registration";

/** What validator clients tell a node ahead of their duties. */
export const preparationRoutes: readonly SimRoute[] = [
  postItems("/eth/v1/validator/prepare_beacon_proposer", isPreparation, (items, { node }) => {
    for (const item of items) {
      node.preparations.set(Number(field(item, "validator_index")), String(field(item, "fee_recipient")).toLowerCase());
    }
  }),
  postItems("/eth/v1/validator/register_validator", isRegistration),
  postItems("/eth/v1/validator/beacon_committee_subscriptions", isSubscription),
  postItems("/eth/v1/validator/sync_committee_subscriptions", isSubscription),
];
