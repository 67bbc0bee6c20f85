import { AppError } from "../lib/app-error.ts";
import { at, integerOf, isObject, type JsonObject } from "./json.ts";

/** The target's chain as it was when a fault began. Roots are 0x-prefixed, lower case. */
export interface ChainPicture {
  slotsPerEpoch: number;
  slot: number;
  root: string;
  /** The answer of `headers/{root}`, untouched. */
  header: JsonObject;
  /** `data` of the head state's finality checkpoints, untouched. */
  finality: JsonObject;
}

type ReadTarget = (path: string) => Promise<unknown>;

/**
 * Reads head, finality and slots per epoch from the target. With `depthSlots`, the picture's block is the last one at
 * least that many slots before the head (the fork point). Throws AppError when the target does not tell.
 */
export async function takePicture(readTarget: ReadTarget, depthSlots = 0): Promise<ChainPicture> {
  const [spec, finality, head] = await Promise.all([
    readTarget("/eth/v1/config/spec"),
    readTarget("/eth/v1/beacon/states/head/finality_checkpoints"),
    readTarget("/eth/v1/beacon/headers/head"),
  ]);
  const headSlot = integerOf(at(head, "data", "header", "message", "slot"));
  const slotsPerEpoch = integerOf(at(spec, "data", "SLOTS_PER_EPOCH"));
  const finalityData = at(finality, "data");
  if (headSlot === undefined || !slotsPerEpoch || !isObject(finalityData)) throw unreadable();
  const header = depthSlots > 0 ? await blockAtOrBefore(readTarget, Math.max(0, headSlot - depthSlots)) : head;
  const slot = integerOf(at(header, "data", "header", "message", "slot"));
  const root = at(header, "data", "root");
  if (slot === undefined || typeof root !== "string" || !isObject(header)) throw unreadable();
  return { slotsPerEpoch, slot, root: root.toLowerCase(), header, finality: finalityData };
}

/** Walks back over empty slots, at most 64 of them. */
async function blockAtOrBefore(readTarget: ReadTarget, slot: number): Promise<unknown> {
  for (let candidate = slot; candidate >= 0 && candidate > slot - 64; candidate--) {
    try {
      return await readTarget(`/eth/v1/beacon/headers/${candidate}`);
    } catch {
      // An empty slot answers 404: the block before it is the fork point.
      continue;
    }
  }
  throw unreadable();
}

function unreadable(): AppError {
  return new AppError(
    "Start a chain fault: the node behind the proxy did not tell its head. Check that it is synced.",
    {
      code: "fault-target-unreadable",
      retryable: true,
    },
  );
}
