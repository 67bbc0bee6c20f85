import { readBlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { describeDecodedBlocks } from "./decode-block.contract.ts";

describeDecodedBlocks("mainnet", readBlockSizes({}));
