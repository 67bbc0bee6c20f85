import { BitVectorType, ByteVectorType, ContainerType, ListCompositeType, type Type } from "@chainsafe/ssz";
import type { ForkName } from "../../chain/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { BlockSizes } from "./block-sizes.ts";
import { bytes32, bytes48, bytes96, uint64 } from "./basic-types.ts";
import { createOperationTypes } from "./operation-types.ts";
import { createPayloadTypes } from "./payload-types.ts";
import { specCase, type SszType } from "./ssz-type.ts";

/** SSZ types of one fork's blocks. `contents` is what `produceBlockV3` answers from Deneb on (block, proofs, blobs). */
export interface BlockTypes {
  body: SszType;
  block: SszType;
  signedBlock: SszType;
  contents: SszType | undefined;
  attestation: SszType;
}

type Fields = Record<string, Type<unknown>>;

/**
 * The block containers of both presets, which one process may need side by side (a library's preset is global).
 * Checked in the tests against `@lodestar/types`. Throws AppError for a fork whose blocks are not modelled.
 */
export function createBlockTypes(sizes: BlockSizes): (fork: ForkName) => BlockTypes {
  const operations = createOperationTypes(sizes);
  const payloads = createPayloadTypes(sizes);
  const eth1Data = new ContainerType({ depositRoot: bytes32, depositCount: uint64, blockHash: bytes32 }, specCase);
  const syncAggregate = new ContainerType(
    { syncCommitteeBits: new BitVectorType(sizes.syncCommitteeSize), syncCommitteeSignature: bytes96 },
    specCase,
  );
  const phase0: Fields = {
    randaoReveal: bytes96,
    eth1Data,
    graffiti: bytes32,
    proposerSlashings: operations.proposerSlashings,
    attesterSlashings: operations.attesterSlashings,
    attestations: operations.attestations,
    deposits: operations.deposits,
    voluntaryExits: operations.voluntaryExits,
  };
  const altair: Fields = { ...phase0, syncAggregate };
  const bellatrix: Fields = { ...altair, executionPayload: payloads.bellatrix };
  const blsChanges = { blsToExecutionChanges: operations.blsToExecutionChanges };
  const capella: Fields = { ...altair, executionPayload: payloads.capella, ...blsChanges };
  const blobKzgCommitments = new ListCompositeType(bytes48, 4096);
  const deneb: Fields = { ...capella, executionPayload: payloads.deneb, blobKzgCommitments };
  const electra: Fields = {
    ...deneb,
    attesterSlashings: operations.attesterSlashingsElectra,
    attestations: operations.attestationsElectra,
    executionRequests: operations.executionRequests,
  };
  const bodies: Partial<Record<ForkName, Fields>> = {
    phase0,
    altair,
    bellatrix,
    capella,
    deneb,
    electra,
    fulu: electra,
  };
  const built = new Map<ForkName, BlockTypes>();

  return (fork) => {
    const known = built.get(fork);
    if (known) return known;
    const fields = bodies[fork];
    if (!fields) throw unmodelled(fork);
    const isElectra = fork === "electra" || fork === "fulu";
    const attestation = isElectra ? operations.attestationElectra : operations.attestation;
    const types = buildTypes(fields, fork === "deneb" || isElectra, fork === "fulu", attestation);
    built.set(fork, types);
    return types;
  };
}

function buildTypes(fields: Fields, hasBlobs: boolean, hasCellProofs: boolean, attestation: Type<unknown>): BlockTypes {
  const body = new ContainerType(fields, specCase);
  const block = new ContainerType(
    { slot: uint64, proposerIndex: uint64, parentRoot: bytes32, stateRoot: bytes32, body },
    specCase,
  );
  const contents = new ContainerType(
    {
      block,
      kzgProofs: new ListCompositeType(bytes48, hasCellProofs ? 4096 * 128 : 4096),
      blobs: new ListCompositeType(new ByteVectorType(131_072), 4096),
    },
    specCase,
  );
  const signedBlock = new ContainerType({ message: block, signature: bytes96 }, specCase);
  return {
    body: plain(body),
    block: plain(block),
    signedBlock: plain(signedBlock),
    contents: hasBlobs ? plain(contents) : undefined,
    attestation: plain(attestation),
  };
}

/** The field types are only known at run time, and so is the value. */
function plain(type: Type<unknown>): SszType {
  return type;
}

function unmodelled(fork: ForkName): AppError {
  return new AppError(`Read or make a block of ${fork}: this version does not know its format. Upgrade Slotkeeper.`, {
    code: "fork-unmodelled",
  });
}
