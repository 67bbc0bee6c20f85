import { ssz } from "@lodestar/types";
import { describe, expect, test } from "vitest";
import type { ForkName } from "../../chain/types.ts";
import { createSimChain } from "../create-sim-chain.ts";
import { presets, type PresetName } from "../preset.ts";
import { createBlockTypes } from "../../beacon/ssz/block-types.ts";
import type { SszType } from "../../beacon/ssz/ssz-type.ts";

const forks: readonly ForkName[] = ["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu"];

/** Holds our own containers against an independent implementation of the specification, for one preset. */
export function describeBlockTypes(preset: PresetName): void {
  describe(`block types of ${preset}`, () => {
    test.each(forks)("a %s block has the root, bytes and JSON that @lodestar/types gives it", (fork) => {
      const chain = createSimChain({
        seed: "ssz",
        preset,
        slotDurationMs: 12_000,
        genesisTimeMs: 0,
        validators: 200,
        forks: { [fork]: 0 },
        participation: 0.8,
      });
      const block = chain.headAt(chain.slotsPerEpoch * 2 + 3);
      const signed = chain.signedBlock(block);
      const ours = createBlockTypes(presets[preset])(fork);
      const theirs = ssz[fork as "fulu"].SignedBeaconBlock as unknown as SszType;
      const theirBlock = ssz[fork as "fulu"].BeaconBlock as unknown as SszType;

      const bytes = ours.signedBlock.serialize(signed);
      const read = theirs.deserialize(bytes) as { message: unknown };

      expect(`0x${Buffer.from(theirBlock.hashTreeRoot(read.message)).toString("hex")}`).toBe(block.root);
      expect(Buffer.from(theirs.serialize(read)).equals(Buffer.from(bytes))).toBe(true);
      // The library writes execution addresses in mixed case (EIP-55).
      expect(JSON.stringify(ours.signedBlock.toJson(signed))).toBe(JSON.stringify(theirs.toJson(read)).toLowerCase());
    });
  });
}
