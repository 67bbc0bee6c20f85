import type { Reply, Sight } from "./types.ts";

/** `{data}` with the fields that go beside it. */
export function ok(data: unknown, beside: Readonly<Record<string, unknown>> = {}): Reply {
  return { status: 200, json: { ...beside, data } };
}

/** An answer about a block or state: optimistic and finalized as the node sees them. */
export function okAbout(
  sight: Sight,
  slot: number,
  data: unknown,
  beside: Readonly<Record<string, unknown>> = {},
): Reply {
  return ok(data, { ...beside, ...aboutSlot(sight, slot) });
}

function aboutSlot(sight: Sight, slot: number): { execution_optimistic: boolean; finalized: boolean } {
  const finalizedSlot = sight.state.finalized.epoch * sight.slotsPerEpoch;
  return { execution_optimistic: sight.view.isOptimistic, finalized: slot <= finalizedSlot };
}

export function fail(status: number, message: string): Reply {
  return { status, json: { code: status, message } };
}

/** beacon-APIs `IndexedErrorMessage`: the items that are not named were accepted. */
export function failItems(failures: readonly { index: number; message: string }[]): Reply {
  return { status: 400, json: { code: 400, message: "Some items were not accepted", failures } };
}

export const done: Reply = { status: 200 };
export const syncingReply = fail(503, "Beacon node is currently syncing and not serving requests");
