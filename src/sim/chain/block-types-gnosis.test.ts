import { setActivePreset, PresetName } from "@lodestar/params/setPreset";

// The library's preset is global to a process, and fixed by its first use: this file has a process of its own.
setActivePreset(PresetName.gnosis);
const { describeBlockTypes } = await import("./block-types.contract.ts");

describeBlockTypes("gnosis");
