import {
  BitListType,
  BitVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  VectorCompositeType,
} from "@chainsafe/ssz";
import type { BlockSizes } from "./block-sizes.ts";
import { attestationData, bytes20, bytes32, bytes48, bytes96, signedBlockHeader, uint64 } from "./basic-types.ts";
import { specCase } from "./ssz-type.ts";

const maxValidatorsPerCommittee = 2048;

/** Lists of operations in a block body, before and from Electra on (EIP-7549). */
export function createOperationTypes(sizes: BlockSizes) {
  const slotValidators = maxValidatorsPerCommittee * sizes.maxCommitteesPerSlot;
  const attestation = attestationType(maxValidatorsPerCommittee);
  const attestationElectra = new ContainerType(
    {
      aggregationBits: new BitListType(slotValidators),
      data: attestationData,
      signature: bytes96,
      committeeBits: new BitVectorType(sizes.maxCommitteesPerSlot),
    },
    specCase,
  );
  return {
    attestation,
    attestationElectra,
    attestations: new ListCompositeType(attestation, 128),
    attestationsElectra: new ListCompositeType(attestationElectra, 8),
    attesterSlashings: new ListCompositeType(attesterSlashingType(maxValidatorsPerCommittee), 2),
    attesterSlashingsElectra: new ListCompositeType(attesterSlashingType(slotValidators), 1),
    proposerSlashings: new ListCompositeType(proposerSlashing, 16),
    deposits: new ListCompositeType(deposit, 16),
    voluntaryExits: new ListCompositeType(signedVoluntaryExit, 16),
    blsToExecutionChanges: new ListCompositeType(signedBlsChange, 16),
    executionRequests: new ContainerType(
      {
        deposits: new ListCompositeType(depositRequest, sizes.maxDepositRequestsPerPayload),
        withdrawals: new ListCompositeType(withdrawalRequest, sizes.maxWithdrawalRequestsPerPayload),
        consolidations: new ListCompositeType(consolidationRequest, sizes.maxConsolidationRequestsPerPayload),
      },
      specCase,
    ),
  };
}

function attestationType(maxBits: number) {
  return new ContainerType(
    { aggregationBits: new BitListType(maxBits), data: attestationData, signature: bytes96 },
    specCase,
  );
}

function attesterSlashingType(maxIndices: number) {
  const indexed = new ContainerType(
    { attestingIndices: new ListBasicType(uint64, maxIndices), data: attestationData, signature: bytes96 },
    specCase,
  );
  // Two names with a digit, which `jsonCase` would not write as the specification does.
  return new ContainerType(
    { attestation1: indexed, attestation2: indexed },
    { casingMap: { attestation1: "attestation_1", attestation2: "attestation_2" } },
  );
}

const proposerSlashing = new ContainerType(
  { signedHeader1: signedBlockHeader, signedHeader2: signedBlockHeader },
  { casingMap: { signedHeader1: "signed_header_1", signedHeader2: "signed_header_2" } },
);
const depositData = new ContainerType(
  { pubkey: bytes48, withdrawalCredentials: bytes32, amount: uint64, signature: bytes96 },
  specCase,
);
const deposit = new ContainerType({ proof: new VectorCompositeType(bytes32, 33), data: depositData }, specCase);
const voluntaryExit = new ContainerType({ epoch: uint64, validatorIndex: uint64 }, specCase);
const signedVoluntaryExit = new ContainerType({ message: voluntaryExit, signature: bytes96 }, specCase);
const blsChange = new ContainerType(
  { validatorIndex: uint64, fromBlsPubkey: bytes48, toExecutionAddress: bytes20 },
  specCase,
);
const signedBlsChange = new ContainerType({ message: blsChange, signature: bytes96 }, specCase);
const depositRequest = new ContainerType(
  { pubkey: bytes48, withdrawalCredentials: bytes32, amount: uint64, signature: bytes96, index: uint64 },
  specCase,
);
const withdrawalRequest = new ContainerType(
  { sourceAddress: bytes20, validatorPubkey: bytes48, amount: uint64 },
  specCase,
);
const consolidationRequest = new ContainerType(
  { sourceAddress: bytes20, sourcePubkey: bytes48, targetPubkey: bytes48 },
  specCase,
);
