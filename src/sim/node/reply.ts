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

/** The same of a list that is written in pieces. */
export function okList(sight: Sight, slot: number, items: Iterable<unknown>): Reply {
  return { status: 200, json: aboutSlot(sight, slot), rawData: listPieces(items) };
}

const itemsPerPiece = 4096;

/** A JSON list as bytes, without one string of it all. */
export function listPieces(items: Iterable<unknown>): Buffer[] {
  const pieces: Buffer[] = [];
  let held: unknown[] = [];
  const flush = () => {
    const text = JSON.stringify(held).slice(1, -1);
    pieces.push(Buffer.from(pieces.length === 0 ? `[${text}` : `,${text}`));
    held = [];
  };
  for (const item of items) if (held.push(item) >= itemsPerPiece) flush();
  if (held.length > 0 || pieces.length === 0) flush();
  pieces.push(Buffer.from("]"));
  return pieces;
}

export function aboutSlot(sight: Sight, slot: number): { execution_optimistic: boolean; finalized: boolean } {
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
