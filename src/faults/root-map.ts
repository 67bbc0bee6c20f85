import { at, integerOf, isObject, type JsonObject } from "./json.ts";
import { isAttestationDataRoute, isProductionRoute } from "./routes.ts";

/** How a fault changes block roots in the target's answers. */
export interface RootMap {
  slotsPerEpoch: number;
  /** The head's root. */
  head(root: string): string;
  /** The root of the last block at or before `slot`. */
  at(root: string, slot: number): string;
  /** The source checkpoint of attestations. */
  source(checkpoint: JsonObject): JsonObject;
}

/** Changes the roots of duties, attestation data and produced blocks; `undefined` for any other path. */
export function signingInputChange(path: string, map: RootMap): ((body: JsonObject) => JsonObject) | undefined {
  if (isAttestationDataRoute(path)) return (body) => changeData(body, (data) => changeAttestationData(data, map));
  if (isProductionRoute(path)) return (body) => changeData(body, (data) => changeProducedBlock(data, map));
  const slot = dependentSlot(path, map.slotsPerEpoch);
  if (slot === undefined) return undefined;
  return (body) => {
    const root = body["dependent_root"];
    return typeof root === "string" ? { ...body, dependent_root: map.at(root, slot) } : body;
  };
}

/** `{epoch, root}` at the block of the epoch's first slot. */
export function changeCheckpoint(checkpoint: unknown, map: RootMap): unknown {
  const epoch = integerOf(at(checkpoint, "epoch"));
  const root = at(checkpoint, "root");
  if (!isObject(checkpoint) || epoch === undefined || typeof root !== "string") return checkpoint;
  return { ...checkpoint, root: map.at(root, epoch * map.slotsPerEpoch) };
}

function changeData(body: JsonObject, change: (data: JsonObject) => JsonObject): JsonObject {
  return isObject(body["data"]) ? { ...body, data: change(body["data"]) } : body;
}

function changeAttestationData(data: JsonObject, map: RootMap): JsonObject {
  const headRoot = data["beacon_block_root"];
  return {
    ...data,
    ...(typeof headRoot === "string" ? { beacon_block_root: map.head(headRoot) } : {}),
    source: isObject(data["source"]) ? map.source(data["source"]) : data["source"],
    target: changeCheckpoint(data["target"], map),
  };
}

/** A bare block or, with blobs, block contents. */
function changeProducedBlock(data: JsonObject, map: RootMap): JsonObject {
  if (isObject(data["block"])) return { ...data, block: changeProducedBlock(data["block"], map) };
  const parent = data["parent_root"];
  return typeof parent === "string" ? { ...data, parent_root: map.head(parent) } : data;
}

/** The slot whose block decides the duties of a path, per beacon-APIs; never before genesis. */
function dependentSlot(path: string, slotsPerEpoch: number): number | undefined {
  const match = /^\/eth\/v(\d+)\/validator\/duties\/(attester|proposer)\/(\d+)\/?$/.exec(path);
  if (!match) return undefined;
  const lookBack = match[2] === "attester" || match[1] !== "1" ? 1 : 0;
  return Math.max(0, (Number(match[3]) - lookBack) * slotsPerEpoch - 1);
}
