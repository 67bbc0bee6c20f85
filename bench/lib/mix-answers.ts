/**
 * What a mainnet-like node (Electra, a million validators, 64 committees a slot) answers to the requests of the mix, as
 * bytes ready to be sent. Duties and data are made up, but of the true shape and size.
 */
export interface MixAnswer {
  status: number;
  body: Buffer;
}

const root = (byte: string): string => `0x${byte.repeat(32)}`;
const pubkey = (index: number): string => `0x${index.toString(16).padStart(96, "b")}`;
const json = (value: unknown): MixAnswer => ({ status: 200, body: Buffer.from(JSON.stringify(value)) });
const accepted: MixAnswer = { status: 200, body: Buffer.from("{}") };
const slotsPerEpoch = 32;

/** Answers one request of the mix; `undefined` for any other. `body` is the request's. */
export function mixAnswer(method: string, target: string, body: Buffer): MixAnswer | undefined {
  const [path = "", query = ""] = target.split("?");
  if (method === "POST" && /^\/eth\/v[12]\/(beacon\/(pool\/|blocks)|validator\/[a-z_]+$)/.test(path)) return accepted;
  const parameters = new URLSearchParams(query);
  const last = Number(path.slice(path.lastIndexOf("/") + 1));
  switch (path.replace(/\/\d+$/, "")) {
    case "/eth/v1/validator/attestation_data":
      return attestationData(Number(parameters.get("slot")));
    case "/eth/v1/validator/duties/proposer":
      return proposerDuties(last);
    case "/eth/v1/validator/duties/attester":
      return attesterDuties(last, indicesOf(body));
    case "/eth/v1/validator/duties/sync":
      return json({ execution_optimistic: false, data: syncDuties(indicesOf(body)) });
    case "/eth/v2/validator/aggregate_attestation":
      return aggregate(Number(parameters.get("slot")));
    case "/eth/v1/validator/sync_committee_contribution":
      return contribution(Number(parameters.get("slot")), parameters.get("subcommittee_index") ?? "0");
    default:
      return undefined;
  }
}

const dataOf = (slot: number) => {
  const epoch = Math.floor(slot / slotsPerEpoch);
  return {
    slot: String(slot),
    index: "0",
    beacon_block_root: root("aa"),
    source: { epoch: String(epoch - 1), root: root("01") },
    target: { epoch: String(epoch), root: root("02") },
  };
};

const attestationData = (slot: number): MixAnswer => json({ data: dataOf(slot) });

function proposerDuties(epoch: number): MixAnswer {
  const data = Array.from({ length: slotsPerEpoch }, (_, index) => {
    const validator = 500_000 + index;
    return {
      pubkey: pubkey(validator),
      validator_index: String(validator),
      slot: String(epoch * slotsPerEpoch + index),
    };
  });
  return json({ dependent_root: root("d0"), execution_optimistic: false, data });
}

function attesterDuties(epoch: number, indices: readonly string[]): MixAnswer {
  const data = indices.map((index) => ({
    pubkey: pubkey(Number(index)),
    validator_index: index,
    committee_index: String(Number(index) % 64),
    committee_length: "512",
    committees_at_slot: "64",
    validator_committee_index: String(Number(index) % 512),
    slot: String(epoch * slotsPerEpoch + (Number(index) % slotsPerEpoch)),
  }));
  return json({ dependent_root: root("d0"), execution_optimistic: false, data });
}

/** One validator of two thousand sits in the committee. */
function syncDuties(indices: readonly string[]): unknown[] {
  return indices
    .filter((index) => Number(index) % 2_048 === 0)
    .map((index) => ({
      pubkey: pubkey(Number(index)),
      validator_index: index,
      validator_sync_committee_indices: ["7"],
    }));
}

function aggregate(slot: number): MixAnswer {
  const bits = { aggregation_bits: `0x${"f7".repeat(64)}01`, committee_bits: "0x0100000000000000" };
  return json({ version: "electra", data: { ...bits, data: dataOf(slot), signature: `0x${"c0".repeat(96)}` } });
}

function contribution(slot: number, subcommittee: string): MixAnswer {
  const bits = `0x${"f7".repeat(16)}`;
  const data = { slot: String(slot), beacon_block_root: root("aa"), subcommittee_index: subcommittee };
  return json({ data: { ...data, aggregation_bits: bits, signature: `0x${"c0".repeat(96)}` } });
}

function indicesOf(body: Buffer): string[] {
  try {
    const list: unknown = JSON.parse(body.toString("utf8"));
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
