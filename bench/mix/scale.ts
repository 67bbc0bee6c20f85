import { readRecording, type RecordedRequest, type Recording } from "./recording.ts";

/** Part of a request: text, or a slot or an epoch that counts up with the chain, by its distance from the cycle's first. */
export type Piece = string | { slot: number } | { epoch: number };

export interface MixRequest {
  /** Within the cycle of one epoch. */
  slot: number;
  share: number;
  client: number;
  method: "GET" | "POST";
  /** Name for counting. */
  route: string;
  target: readonly Piece[];
  body: readonly Piece[];
}

export interface Scale {
  clients: number;
  keysPerClient: number;
  slotsPerEpoch: number;
  /** Validators of the whole network: with 64 committees a slot, and 512 in each, as mainnet has. */
  networkValidators: number;
  committees: number;
}

export const mainnetScale: Scale = {
  clients: 50,
  keysPerClient: 200,
  slotsPerEpoch: 32,
  networkValidators: 1_048_576,
  committees: 64,
};

/** Of consensus-specs: aggregators that a committee aims at, size of the sync committee, its subcommittees. */
const targetAggregators = 16;
const syncCommittee = 512;
const subcommittees = 4;

/**
 * One epoch of what so many clients ask, from the recording of one. How often a client asks is the recording's: once a
 * slot, once an epoch, or once for each aggregator; how many keys have which duty follows from the network's size.
 */
export function scaleMix(scale: Scale = mainnetScale, recording: Recording = readRecording()): MixRequest[] {
  const rates = ratesOf(recording);
  const requests: MixRequest[] = [];
  for (let client = 0; client < scale.clients; client++) requests.push(...clientEpoch(client, scale, rates));
  return requests.sort((a, b) => a.slot - b.slot || a.share - b.share || a.client - b.client);
}

interface Rates {
  /** Requests per client and slot, per epoch, or per single message in a body; and when in the slot. */
  perSlot: (route: string) => number;
  perEpoch: (route: string) => number;
  shareOf: (route: string) => number;
}

function ratesOf({ requests, slots, slotsPerEpoch }: Recording): Rates {
  const of = (route: string): RecordedRequest[] => {
    const found = requests.filter((request) => request.route === route);
    if (found.length === 0) throw new Error(`the recording has no ${route}: record it again (bench/mix/record.ts)`);
    return found;
  };
  return {
    perSlot: (route) => Math.round(of(route).length / slots),
    perEpoch: (route) => Math.round(of(route).length / (slots / slotsPerEpoch)),
    shareOf: (route) => of(route)[0]?.share ?? 0,
  };
}

const hex = (byte: string, bytes: number): string => `0x${byte.repeat(bytes)}`;
const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function clientEpoch(client: number, scale: Scale, { perSlot, perEpoch, shareOf }: Rates): MixRequest[] {
  const { keysPerClient, slotsPerEpoch, networkValidators, committees } = scale;
  const firstKey = 4_096 + client * keysPerClient;
  const keys = times(keysPerClient).map((key) => firstKey + key);
  const committeeSize = networkValidators / slotsPerEpoch / committees;
  // Spread like the hash that decides it on chain: not by the key's number, which decides its slot here.
  const isAggregator = (key: number): boolean =>
    (Math.imul(key, 0x9e3779b1) >>> 16) % Math.floor(committeeSize / targetAggregators) === 0;
  const inSyncCommittee = keys.filter((key) => key % Math.floor(networkValidators / syncCommittee) === 0);
  const isSyncAggregator = (key: number, slot: number): boolean =>
    (key / 2_048 + slot) % (syncCommittee / subcommittees / targetAggregators) === 0;
  const list: MixRequest[] = [];
  const add = (slot: number, route: string, target: Piece[], body: Piece[] = []): void => {
    const method = route.startsWith("POST") ? "POST" : "GET";
    list.push({ slot, share: shareOf(route), client, method, route, target, body });
  };

  for (const slot of times(slotsPerEpoch)) {
    const attesters = keys.filter((key) => key % slotsPerEpoch === slot);
    const proposers = "GET /eth/v1/validator/duties/proposer/{}";
    for (const _ of times(perSlot(proposers)))
      add(slot, proposers, ["/eth/v1/validator/duties/proposer/", { epoch: 0 }]);
    if (attesters.length > 0) {
      const data = "GET /eth/v1/validator/attestation_data";
      const committee = `&committee_index=${(attesters[0] ?? 0) % committees}`;
      for (const _ of times(perSlot(data)))
        add(slot, data, ["/eth/v1/validator/attestation_data?slot=", { slot }, committee]);
      const pool = "POST /eth/v1/beacon/pool/attestations";
      const body = bracketed(attesters.map((key) => singleAttestation(key, slot, committees)));
      for (const _ of times(perSlot(pool))) add(slot, pool, ["/eth/v2/beacon/pool/attestations"], body);
    }
    for (const key of attesters.filter(isAggregator)) {
      const query = `attestation_data_root=${hex("ad", 32)}&slot=`;
      const target = [
        `/eth/v2/validator/aggregate_attestation?${query}`,
        { slot },
        `&committee_index=${key % committees}`,
      ];
      add(slot, "GET /eth/v1/validator/aggregate_attestation", target);
      const proof = bracketed([aggregateAndProof(key, slot)]);
      add(slot, "POST /eth/v1/validator/aggregate_and_proofs", ["/eth/v2/validator/aggregate_and_proofs"], proof);
    }
    if (inSyncCommittee.length > 0) {
      const messages = bracketed(inSyncCommittee.map((key) => syncMessage(key, slot)));
      add(slot, "POST /eth/v1/beacon/pool/sync_committees", ["/eth/v1/beacon/pool/sync_committees"], messages);
      for (const key of inSyncCommittee.filter((each) => isSyncAggregator(each, slot))) {
        const query = `&subcommittee_index=1&beacon_block_root=${hex("aa", 32)}`;
        const target = ["/eth/v1/validator/sync_committee_contribution?slot=", { slot }, query];
        add(slot, "GET /eth/v1/validator/sync_committee_contribution", target);
        const path = "/eth/v1/validator/contribution_and_proofs";
        add(slot, `POST ${path}`, [path], bracketed([contributionAndProof(key, slot)]));
      }
    }
  }

  const indices = JSON.stringify(keys.map(String));
  // Of the present epoch and the next, or of the present period and the next.
  for (const kind of ["attester", "sync"] as const) {
    const route = `POST /eth/v1/validator/duties/${kind}/{}`;
    for (const number of times(perEpoch(route))) {
      const epoch = kind === "attester" ? number : number * 256;
      add(0, route, [`/eth/v1/validator/duties/${kind}/`, { epoch }], [indices]);
    }
  }
  const subscriptions = keys.map((key) => committeeSubscription(key, scale, isAggregator(key)));
  for (const [route, items] of [
    ["POST /eth/v1/validator/beacon_committee_subscriptions", subscriptions],
    ["POST /eth/v1/validator/prepare_beacon_proposer", keys.map(preparation)],
    ["POST /eth/v1/validator/sync_committee_subscriptions", inSyncCommittee.map(syncSubscription)],
  ] as const)
    if (items.length > 0) for (const _ of times(perEpoch(route))) add(0, route, [route.slice(5)], bracketed(items));
  return list;
}

function bracketed(items: readonly (readonly Piece[])[]): Piece[] {
  return ["[", ...items.flatMap((item, index) => (index === 0 ? item : [",", ...item])), "]"];
}

function data(slot: number): Piece[] {
  const head = [`{"slot":"`, { slot }, `","index":"0","beacon_block_root":"${hex("aa", 32)}","source":{"epoch":"`];
  const source = [{ epoch: -1 }, `","root":"${hex("01", 32)}"},"target":{"epoch":"`, { epoch: 0 }];
  return [...head, ...source, `","root":"${hex("02", 32)}"}}`];
}

function singleAttestation(key: number, slot: number, committees: number): Piece[] {
  const begin = `{"committee_index":"${key % committees}","attester_index":"${key}","data":`;
  return [begin, ...data(slot), `,"signature":"${hex("ab", 96)}"}`];
}

function aggregateAndProof(key: number, slot: number): Piece[] {
  const begin = `{"message":{"aggregator_index":"${key}","aggregate":{"aggregation_bits":"${hex("f7", 64)}01","data":`;
  const end = `,"signature":"${hex("ab", 96)}","committee_bits":"0x0100000000000000"},"selection_proof":"${hex("ac", 96)}"}`;
  return [begin, ...data(slot), `${end},"signature":"${hex("ad", 96)}"}`];
}

function syncMessage(key: number, slot: number): Piece[] {
  const rest = `","beacon_block_root":"${hex("aa", 32)}","validator_index":"${key}","signature":"${hex("ab", 96)}"}`;
  return [`{"slot":"`, { slot }, rest];
}

function contributionAndProof(key: number, slot: number): Piece[] {
  const bits = `","beacon_block_root":"${hex("aa", 32)}","subcommittee_index":"1","aggregation_bits":"${hex("f7", 16)}"`;
  const end = `${bits},"signature":"${hex("ab", 96)}"},"selection_proof":"${hex("ac", 96)}"},"signature":"${hex("ad", 96)}"}`;
  return [`{"message":{"aggregator_index":"${key}","contribution":{"slot":"`, { slot }, end];
}

function committeeSubscription(key: number, { committees, slotsPerEpoch }: Scale, isAggregator: boolean): Piece[] {
  const rest = `","is_aggregator":${isAggregator}}`;
  const index = `"committee_index":"${key % committees}","committees_at_slot":"${committees}"`;
  return [`{"validator_index":"${key}",${index},"slot":"`, { slot: slotsPerEpoch + (key % slotsPerEpoch) }, rest];
}

function preparation(key: number): Piece[] {
  return [`{"validator_index":"${key}","fee_recipient":"${hex("fe", 20)}"}`];
}

function syncSubscription(key: number): Piece[] {
  return [`{"validator_index":"${key}","sync_committee_indices":["7"],"until_epoch":"`, { epoch: 256 }, `"}`];
}
