import type { Route } from "./route.ts";
import { cheap, coalesce, pass, type Extra } from "./rows.ts";

const at = "/eth/v1/beacon/states/{state_id}";

/** Megabytes where many validators are asked for. */
const large: Extra = { isHeavy: true };

/**
 * Reads of states. Answers of a state named `head` hold for as long as the view stands; those named by slot or root could
 * hold for longer, and are kept no longer than that.
 */
export const stateRoutes: readonly Route[] = [
  coalesce("GET", "getStateFork", `${at}/fork`, "head", cheap),
  coalesce("GET", "getStateFinalityCheckpoints", `${at}/finality_checkpoints`, "head", cheap),
  coalesce("GET", "getStateRoot", `${at}/root`, "head"),
  coalesce("GET", "getStateValidators", `${at}/validators`, "head", large),
  coalesce("POST", "postStateValidators", `${at}/validators`, "head", large),
  coalesce("GET", "getStateValidator", `${at}/validators/{validator_id}`, "head"),
  coalesce("GET", "getStateValidatorBalances", `${at}/validator_balances`, "flight", large),
  coalesce("POST", "postStateValidatorBalances", `${at}/validator_balances`, "flight", large),
  coalesce("POST", "postStateValidatorIdentities", `${at}/validator_identities`, "flight", large),
  coalesce("POST", "getStateBuilders", `${at}/builders`, "flight", { ...large, since: "gloas" }),
  coalesce("GET", "getEpochCommittees", `${at}/committees`, "head", large),
  coalesce("GET", "getEpochSyncCommittees", `${at}/sync_committees`, "head", { since: "altair" }),
  coalesce("GET", "getStateRandao", `${at}/randao`, "flight"),
  coalesce("GET", "getPendingConsolidations", `${at}/pending_consolidations`, "flight", { since: "electra" }),
  coalesce("GET", "getPendingDeposits", `${at}/pending_deposits`, "flight", { ...large, since: "electra" }),
  coalesce("GET", "getPendingPartialWithdrawals", `${at}/pending_partial_withdrawals`, "flight", {
    ...large,
    since: "electra",
  }),
  coalesce("GET", "getProposerLookahead", `${at}/proposer_lookahead`, "head", { since: "fulu" }),

  pass("getExpectedWithdrawals", "/eth/v1/builder/states/{state_id}/expected_withdrawals", {
    since: "capella",
    retired: "gone since v4.0.0; builders' tools",
  }),
];
