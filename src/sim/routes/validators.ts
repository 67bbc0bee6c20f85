import { validatorEntry, type ValidatorEntry } from "../chain/validator-record.ts";
import type { Ledger } from "../chain/ledger.ts";
import { fromHex, hashParts, toHex } from "../hash.ts";
import type { FoundState } from "../node/block-ids.ts";
import { fail, okAbout, okList } from "../node/reply.ts";
import type { Reply, RouteCall } from "../node/types.ts";

/** `GET` and `POST` of a state's validators: ids and statuses, as repeated parameters, comma lists or a body. */
export function listValidators(call: RouteCall, found: FoundState): Reply {
  const body = (call.json ?? {}) as { ids?: unknown; statuses?: unknown };
  const statuses = new Set([...listOf(call.query.getAll("status")), ...listOf(body.statuses)]);
  const indices = indicesAsked([...listOf(call.query.getAll("id")), ...listOf(body.ids)], call);
  return okList(call.sight, found.slot, matching(indices, statuses, call, found));
}

function* matching(
  indices: Iterable<number>,
  statuses: ReadonlySet<string>,
  call: RouteCall,
  found: FoundState,
): Iterable<unknown> {
  const ledger = ledgerOf(call, found);
  for (const index of indices) {
    const entry = entryOf(index, ledger, call, found);
    const { status } = entry;
    const isWanted = statuses.size === 0 || statuses.has(status) || statuses.has(status.split("_")[0] ?? "");
    if (isWanted) yield validatorJson(index, entry, call);
  }
}

export function oneValidator(call: RouteCall, found: FoundState): Reply {
  const [index] = indicesOfIds([call.params["validator_id"] ?? ""], call);
  if (index === undefined) return fail(404, "Validator not found");
  const entry = entryOf(index, ledgerOf(call, found), call, found);
  return okAbout(call.sight, found.slot, validatorJson(index, entry, call));
}

/** `GET` and `POST`: index and balance. SSZ is a list of pairs of uint64. */
export function listBalances(call: RouteCall, found: FoundState): Reply {
  const { balances } = ledgerOf(call, found);
  const indices = [...indicesAsked([...listOf(call.query.getAll("id")), ...listOf(call.json)], call)];
  const rows = function* () {
    for (const index of indices) yield { index: String(index), balance: String(balances[index] ?? 0) };
  };
  return {
    ...okList(call.sight, found.slot, rows()),
    ssz() {
      const bytes = Buffer.alloc(indices.length * 16);
      for (const [row, index] of indices.entries()) {
        bytes.writeBigUInt64LE(BigInt(index), row * 16);
        bytes.writeBigUInt64LE(BigInt(balances[index] ?? 0), row * 16 + 8);
      }
      return bytes;
    },
  };
}

/** Index, key and activation. SSZ is a list of 64-byte rows. */
export function listIdentities(call: RouteCall, found: FoundState): Reply {
  const indices = [...indicesAsked(listOf(call.json), call)];
  const ledger = ledgerOf(call, found);
  const { validators } = call.node.chain;
  const activationOf = (index: number) => entryOf(index, ledger, call, found).activationEpoch;
  const rows = function* () {
    for (const index of indices) {
      const activation = epochText(activationOf(index));
      yield { index: String(index), pubkey: validators.pubkey(index), activation_epoch: activation };
    }
  };
  return {
    ...okList(call.sight, found.slot, rows()),
    ssz() {
      const bytes = Buffer.alloc(indices.length * 64);
      for (const [row, index] of indices.entries()) {
        bytes.writeBigUInt64LE(BigInt(index), row * 64);
        bytes.set(fromHex(validators.pubkey(index)), row * 64 + 8);
        bytes.writeBigUInt64LE(BigInt(epochText(activationOf(index))), row * 64 + 56);
      }
      return bytes;
    },
  };
}

function ledgerOf({ node }: RouteCall, { block, slot }: FoundState): Ledger {
  return node.chain.ledgerAt(block, slot);
}

function entryOf(index: number, ledger: Ledger, { node }: RouteCall, { block }: FoundState): ValidatorEntry {
  return validatorEntry(node.chain.validators, ledger, block.slot, index, node.preset.epochsPerSlashingsVector);
}

function validatorJson(index: number, entry: ValidatorEntry, { node }: RouteCall): unknown {
  const { validators, seed } = node.chain;
  const prefix = validators.isCompounding(index) ? "0x02" : "0x01";
  return {
    index: String(index),
    balance: String(entry.balance),
    status: entry.status,
    validator: {
      pubkey: validators.pubkey(index),
      withdrawal_credentials: `${prefix}${"00".repeat(11)}${toHex(hashParts(seed, "withdrawal", index)).slice(2, 42)}`,
      effective_balance: String(entry.effectiveBalance),
      slashed: entry.isSlashed,
      activation_eligibility_epoch: epochText(entry.activationEligibilityEpoch),
      activation_epoch: epochText(entry.activationEpoch),
      exit_epoch: epochText(entry.exitEpoch),
      withdrawable_epoch: epochText(entry.withdrawableEpoch),
    },
  };
}

/** Everybody where nobody is named. */
function indicesAsked(ids: readonly string[], call: RouteCall): Iterable<number> {
  return ids.length === 0 ? allIndices(call.node.chain.validators.count) : indicesOfIds(ids, call);
}

/** Unknown ids are left out of the answer, as beacon-APIs says. */
export function indicesOfIds(ids: readonly unknown[], { node }: RouteCall): number[] {
  const { validators } = node.chain;
  const found: number[] = [];
  for (const one of ids) {
    const id = String(one);
    const index = id.startsWith("0x") ? validators.indexOf(id) : /^\d+$/.test(id) ? Number(id) : undefined;
    if (index !== undefined && index < validators.count) found.push(index);
  }
  return found;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).flatMap((item) => String(item).split(",")).filter(Boolean) : [];
}

function epochText(epoch: number): string {
  return Number.isFinite(epoch) ? String(epoch) : "18446744073709551615";
}

export function* allIndices(count: number): Iterable<number> {
  for (let index = 0; index < count; index++) yield index;
}
