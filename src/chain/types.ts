/** Forks in order; each name is the consensus specification's. */
export const forkNames = ["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu", "gloas"] as const;
export type ForkName = (typeof forkNames)[number];

export interface Fork {
  name: ForkName;
  /** 0x-prefixed, 4 bytes. */
  version: string;
  epoch: number;
}

/** Duty deadlines in basis points of the slot (10,000 is the whole slot), as the specification gives them. */
export interface DeadlinesBps {
  attestation: number;
  aggregate: number;
  syncMessage: number;
  contribution: number;
}

/** What Slotkeeper needs from `GET /eth/v1/config/spec`. Every time and size comes from here; nothing is hard-coded. */
export interface ChainSpec {
  configName: string;
  presetBase: string;
  slotDurationMs: number;
  slotsPerEpoch: number;
  epochsPerSyncCommitteePeriod: number;
  /** Only the forks that the node knows, in order of epoch; forks never scheduled (epoch 2^64-1) are left out. */
  forks: readonly Fork[];
  /** Deadlines before Gloas, and from Gloas on. */
  deadlines: DeadlinesBps;
  deadlinesGloas: DeadlinesBps;
  /** When the payload timeliness committee votes, from Gloas on, in basis points of the slot. */
  payloadAttestationDueBps: number;
}

export interface Genesis {
  genesisTimeMs: number;
  /** 0x-prefixed, 32 bytes, lower case. */
  genesisValidatorsRoot: string;
  /** 0x-prefixed, 4 bytes, lower case. */
  genesisForkVersion: string;
}

export interface Checkpoint {
  epoch: number;
  /** 0x-prefixed, 32 bytes, lower case. */
  root: string;
}

export interface BlockRef {
  slot: number;
  /** 0x-prefixed, 32 bytes, lower case. */
  root: string;
}
