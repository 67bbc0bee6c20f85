import { ByteVectorType, ContainerType, UintBigintType, UintNumberType } from "@chainsafe/ssz";
import { specCase } from "./ssz-type.ts";

export const uint64 = new UintNumberType(8);
export const uint256 = new UintBigintType(32);
export const bytes20 = new ByteVectorType(20);
export const bytes32 = new ByteVectorType(32);
export const bytes48 = new ByteVectorType(48);
export const bytes96 = new ByteVectorType(96);

export const checkpoint = new ContainerType({ epoch: uint64, root: bytes32 }, specCase);

export const attestationData = new ContainerType(
  { slot: uint64, index: uint64, beaconBlockRoot: bytes32, source: checkpoint, target: checkpoint },
  specCase,
);

export const blockHeader = new ContainerType(
  { slot: uint64, proposerIndex: uint64, parentRoot: bytes32, stateRoot: bytes32, bodyRoot: bytes32 },
  specCase,
);

export const signedBlockHeader = new ContainerType({ message: blockHeader, signature: bytes96 }, specCase);
