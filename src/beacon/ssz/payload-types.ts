import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, type Type } from "@chainsafe/ssz";
import type { BlockSizes } from "./block-sizes.ts";
import { bytes20, bytes32, uint256, uint64 } from "./basic-types.ts";
import { specCase } from "./ssz-type.ts";

/** Execution payloads of Bellatrix, Capella and Deneb (the newest that differs before Gloas). */
export function createPayloadTypes(sizes: BlockSizes) {
  const transactions = new ListCompositeType(new ByteListType(1_073_741_824), 1_048_576);
  const withdrawal = new ContainerType(
    { index: uint64, validatorIndex: uint64, address: bytes20, amount: uint64 },
    specCase,
  );
  const bellatrix = {
    parentHash: bytes32,
    feeRecipient: bytes20,
    stateRoot: bytes32,
    receiptsRoot: bytes32,
    logsBloom: new ByteVectorType(256),
    prevRandao: bytes32,
    blockNumber: uint64,
    gasLimit: uint64,
    gasUsed: uint64,
    timestamp: uint64,
    extraData: new ByteListType(32),
    baseFeePerGas: uint256,
    blockHash: bytes32,
    transactions,
  };
  const capella = { ...bellatrix, withdrawals: new ListCompositeType(withdrawal, sizes.maxWithdrawalsPerPayload) };
  const deneb = { ...capella, blobGasUsed: uint64, excessBlobGas: uint64 };
  return { bellatrix: payload(bellatrix), capella: payload(capella), deneb: payload(deneb) };
}

function payload<F extends Record<string, Type<unknown>>>(fields: F): ContainerType<F> {
  return new ContainerType(fields, specCase);
}
