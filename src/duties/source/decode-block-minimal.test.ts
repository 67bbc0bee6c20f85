import { setActivePreset, PresetName } from "@lodestar/params/setPreset";
import { readBlockSizes } from "../../beacon/ssz/block-sizes.ts";

// The library's preset is global to a process, and fixed by its first use: this file has a process of its own.
setActivePreset(PresetName.minimal);
const { describeDecodedBlocks } = await import("./decode-block.contract.ts");

describeDecodedBlocks(
  "minimal",
  readBlockSizes({ SYNC_COMMITTEE_SIZE: "32", MAX_COMMITTEES_PER_SLOT: "4", MAX_WITHDRAWALS_PER_PAYLOAD: 4 }),
);
