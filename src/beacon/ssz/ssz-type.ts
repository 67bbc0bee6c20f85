/** An SSZ type whose fields are known at run time only, and so is the value. */
export interface SszType {
  defaultValue(): unknown;
  hashTreeRoot(value: unknown): Uint8Array;
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
  toJson(value: unknown): unknown;
  fromJson(json: unknown): unknown;
}

/** Containers as consensus-specs names their fields: `beacon_block_root` in JSON, `beaconBlockRoot` in values. */
export const specCase = { jsonCase: "eth2" } as const;
