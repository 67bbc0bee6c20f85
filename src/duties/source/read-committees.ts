import type { CallResult } from "../../beacon/call-result.ts";
import type { BytesRoute } from "../../beacon/route.ts";
import type { EpochCommittees } from "../types.ts";
import { failed, type AskedNode } from "./ask-nodes.ts";
import { orderCommittees, orientationOf, scanCommittees, type ScannedCommittees } from "./scan-committees.ts";

const operationId = "getEpochCommittees";
const timeoutMs = 60_000;
/** 10 MB at a million validators. */
const maxBytes = 256 * 1024 * 1024;

const route: Omit<BytesRoute<never>, "decode"> = {
  operationId,
  method: "GET",
  path: "/eth/v1/beacon/states/{state_id}/committees",
  maxBytes,
};

/**
 * Committees of an epoch by one node. Survives nodes that swap `index` and `slot` (Lodestar 1.5.1): where both ways round
 * would fit, the committees of one slot are asked for, which shows under which name the node puts the slot.
 */
export async function readCommittees(
  { client, name }: AskedNode,
  epoch: number,
  stateId: string,
  slotsPerEpoch: number,
  signal: AbortSignal,
): Promise<CallResult<EpochCommittees>> {
  const whole = await client.callBytes<EpochCommittees | ScannedCommittees>(
    {
      ...route,
      decode(body) {
        const scanned = scanCommittees(body);
        if (!scanned.ok) return scanned;
        const orientation = orientationOf(scanned.value, epoch, slotsPerEpoch);
        if (orientation === undefined)
          return { ok: false, problem: `not every slot of epoch ${epoch} has the same committees, each once` };
        if (orientation === "ambiguous") return scanned;
        return { ...scanned, value: orderCommittees(scanned.value, orientation, epoch, slotsPerEpoch) };
      },
    },
    { state_id: stateId },
    { query: `epoch=${epoch}`, timeoutMs, signal },
  );
  if (!whole.ok || "epoch" in whole.value) return whole as CallResult<EpochCommittees>;
  const scanned = whole.value;
  const slot = epoch * slotsPerEpoch + 1;
  const one = await client.callBytes(
    { ...route, decode: scanCommittees },
    { state_id: stateId },
    { query: `epoch=${epoch}&slot=${slot}`, timeoutMs, signal },
  );
  if (!one.ok) return one;
  const isPlain = one.value.slots.every((each) => each === slot);
  const isSwapped = one.value.indices.every((each) => each === slot);
  if (isPlain === isSwapped)
    return failed(operationId, name, `slots and committee indices of epoch ${epoch} cannot be told apart`);
  try {
    return { ...whole, value: orderCommittees(scanned, isPlain ? "plain" : "swapped", epoch, slotsPerEpoch) };
  } catch (error) {
    return failed(operationId, name, (error as Error).message);
  }
}
