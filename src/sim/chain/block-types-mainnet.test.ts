import { describeBlockTypes } from "./block-types.contract.ts";

describeBlockTypes("mainnet");
