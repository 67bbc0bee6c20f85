import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { createBlockTypes } from "../../beacon/ssz/block-types.ts";
import type { ForkName } from "../../chain/types.ts";

/**
 * The root of a `SignedBeaconBlock`'s message, from its SSZ bytes or its JSON: proof that a node gave the block that was
 * asked for. Takes some 20 ms for a block of mainnet, so it is for proofs, not for every block. Throws AppError for a fork
 * whose containers are not modelled (Gloas), and what the library throws for a value that is no such block.
 */
export function blockRootOf(signed: Uint8Array | { message: unknown }, fork: ForkName, sizes: BlockSizes): string {
  const types = createBlockTypes(sizes)(fork);
  const { message } = (
    signed instanceof Uint8Array ? types.signedBlock.deserialize(signed) : types.signedBlock.fromJson(signed)
  ) as {
    message: unknown;
  };
  return `0x${Buffer.from(types.block.hashTreeRoot(message)).toString("hex")}`;
}
