import type { InventoryReasonCode } from "./reasons.ts";

/** A validator that the operator answers for. Known by its key, its index or both; the chain supplies what is missing. */
export interface FleetValidator {
  /** 0x-prefixed, 48 bytes, lower case. */
  pubkey: string | undefined;
  /** Validator index; `undefined` until the chain knows the key. */
  index: number | undefined;
  /** Any label is a cohort: `customer`, `operator`, `validatorClient`, `group`, `host`, `provider`, `region` and whatever else. */
  labels: Readonly<Record<string, string>>;
  /** Names of the sources that listed it. */
  sources: readonly string[];
}

/** The labels that Slotkeeper itself gives a meaning. */
export const knownLabels = [
  "customer",
  "operator",
  "validatorClient",
  "client",
  "group",
  "host",
  "provider",
  "region",
] as const;

/** One key that two sources give to different owners, or list for two validator clients: shouted, never decided silently. */
export interface KeyConflict {
  /** Key, or `#index` where only the index is known. */
  validator: string;
  /** The label that differs: `customer`, `operator` or `validatorClient` … */
  label: string;
  claims: readonly { source: string; value: string }[];
}

/** How reading one source went last. A source that cannot be read keeps what it listed before. */
export interface SourceState {
  name: string;
  kind: "list" | "text" | "csv" | "keymanager" | "web3signer" | "postgres";
  /** When it was last read well; `undefined` before the first time. */
  readAt: number | undefined;
  validators: number;
  /** Why the last attempt failed, with what to do next; absent while it reads well. */
  error?: { code: string; message: string; at: number };
  /** Lines or items that were left out, with their place: at most 20. */
  skipped: readonly string[];
}

/** Everybody that we answer for, now. A new object with a higher `revision` after each change. */
export interface FleetInventory {
  revision: number;
  validators: readonly FleetValidator[];
  conflicts: readonly KeyConflict[];
  sources: readonly SourceState[];
  /** Weaknesses of the inventory itself: a label that names an unknown customer, a source that lists nobody. */
  findings: readonly InventoryFinding[];
}

/** Something about the inventory that a person should look at. `reason`: a code of `inventoryReasons`. */
export interface InventoryFinding {
  reason: InventoryReasonCode;
  /** What it is about: the name of a customer, host, provider or source. */
  about: string;
  /** Validators that it concerns. */
  validators: number;
  detail: string;
}

/** A customer, as reports and agreements name it. Validators belong to it by their label `customer`. */
export interface Customer {
  name: string;
  /** Agreed uptime in percent; 99 unless said otherwise. */
  uptimeTarget: number;
  /** Allowed fee recipients, lower case. Empty: any. */
  feeRecipients: readonly string[];
  /** `required`: each of its blocks must come from a relay; `forbidden`: none may; `any`. */
  relays: "any" | "required" | "forbidden";
}
