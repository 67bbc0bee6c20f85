import { hashParts, toHex } from "../hash.ts";
import type { FoundState } from "../node/block-ids.ts";
import { fail, okAbout } from "../node/reply.ts";
import type { Reply, RouteCall } from "../node/types.ts";

const balanceGwei = "32000000000";

/** `GET` and `POST` of a state's validators: ids and statuses, as repeated parameters, comma lists or a body. */
export function listValidators(call: RouteCall, { slot }: FoundState): Reply {
  const { chain } = call.node;
  const body = (call.json ?? {}) as { ids?: unknown; statuses?: unknown };
  const ids = [...listOf(call.query.getAll("id")), ...listOf(body.ids)];
  const statuses = new Set([...listOf(call.query.getAll("status")), ...listOf(body.statuses)]);
  const epoch = chain.epochOf(slot);
  const indices = ids.length === 0 ? allIndices(chain.validators.count) : ids.flatMap((id) => indexOf(id, call));
  const data = [];
  for (const index of indices) {
    const status = statusOf(index, epoch, call);
    if (statuses.size === 0 || statuses.has(status) || statuses.has(status.split("_")[0] ?? "")) {
      data.push(validatorJson(index, status, call));
    }
  }
  return okAbout(call.sight, slot, data);
}

export function oneValidator(call: RouteCall, { slot }: FoundState): Reply {
  const [index] = indexOf(call.params["validator_id"] ?? "", call);
  if (index === undefined) return fail(404, "Validator not found");
  return okAbout(call.sight, slot, validatorJson(index, statusOf(index, call.node.chain.epochOf(slot), call), call));
}

function validatorJson(index: number, status: string, { node }: RouteCall): unknown {
  const { validators, seed } = node.chain;
  const life = validators.life(index);
  return {
    index: String(index),
    balance: balanceGwei,
    status,
    validator: {
      pubkey: validators.pubkey(index),
      withdrawal_credentials: `0x01${"00".repeat(11)}${toHex(hashParts(seed, "withdrawal", index)).slice(2, 42)}`,
      effective_balance: balanceGwei,
      slashed: false,
      activation_eligibility_epoch: String(life.activationEpoch),
      activation_epoch: String(life.activationEpoch),
      exit_epoch: epochText(life.exitEpoch),
      withdrawable_epoch: epochText(life.exitEpoch + 256),
    },
  };
}

function statusOf(index: number, epoch: number, { node }: RouteCall): string {
  const { activationEpoch, exitEpoch } = node.chain.validators.life(index);
  if (epoch < activationEpoch) return "pending_queued";
  if (epoch < exitEpoch) return exitEpoch === Infinity ? "active_ongoing" : "active_exiting";
  return epoch < exitEpoch + 256 ? "exited_unslashed" : "withdrawal_possible";
}

/** Unknown ids are left out of the answer, as beacon-APIs says. */
function indexOf(id: string, { node }: RouteCall): number[] {
  const { validators } = node.chain;
  const index = id.startsWith("0x") ? validators.indexOf(id) : /^\d+$/.test(id) ? Number(id) : undefined;
  return index !== undefined && index < validators.count ? [index] : [];
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).flatMap((item) => String(item).split(",")).filter(Boolean) : [];
}

function epochText(epoch: number): string {
  return Number.isFinite(epoch) ? String(epoch) : "18446744073709551615";
}

function* allIndices(count: number): Iterable<number> {
  for (let index = 0; index < count; index++) yield index;
}
