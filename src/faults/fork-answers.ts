import type { ForkRoots } from "./fork-roots.ts";
import { at, integerOf, isObject, type JsonObject } from "./json.ts";
import type { JsonAnswer } from "./types.ts";

/**
 * Changes an answer of the headers and blocks routes. `id` is what the client named: a root of the target's own chain
 * after the fork point is unknown to a node on the branch.
 */
export function changeBlockAnswer(answer: JsonAnswer, id: string, suffix: string, roots: ForkRoots): JsonAnswer {
  const { body } = answer;
  if (!isObject(body)) return answer;
  const isForeignRoot = id.startsWith("0x") && roots.original(id) === undefined;
  const data = body["data"];
  if (Array.isArray(data)) {
    const headers = (data as unknown[]).map((item) => (isObject(item) ? changeHeader(item, roots) : item));
    return { ...answer, body: { ...body, data: headers } };
  }
  if (!isObject(data)) return answer;
  const slot = integerOf(at(data, "header", "message", "slot")) ?? integerOf(at(data, "message", "slot"));
  if (isForeignRoot && slot !== undefined && slot > roots.forkSlot) {
    return { status: 404, body: { code: 404, message: "Block not found" } };
  }
  if (suffix.startsWith("/root")) {
    return { ...answer, body: { ...body, data: changeKeys(data, ["root"], (root) => rootOf(id, root, roots)) } };
  }
  const changed = isObject(data["header"]) ? changeHeader(data, roots) : changeMessage(data, slot, roots);
  return { ...answer, body: { ...body, data: changed } };
}

/** The branch's root of the block that `id` names; named checkpoints lie before any fork point worth testing. */
function rootOf(id: string, root: string, roots: ForkRoots): string {
  if (id === "head") return roots.head(root);
  if (roots.original(id) !== undefined) return id.toLowerCase();
  return /^\d+$/.test(id) ? roots.at(root, Number(id)) : root;
}

/** New data of an event, or `undefined` where the event tells nothing of the branch. */
export function changeEvent(topic: string, data: string, roots: ForkRoots): string | undefined {
  const value = parse(data);
  if (!isObject(value)) return undefined;
  const slot = integerOf(value["slot"]);
  const epoch = integerOf(value["epoch"]);
  switch (topic) {
    case "head":
    case "block":
    case "block_gossip":
      return slot === undefined ? undefined : JSON.stringify(changeSlotEvent(value, slot, roots));
    case "chain_reorg":
      return JSON.stringify(changeKeys(value, reorgKeys, (root) => roots.head(root)));
    case "finalized_checkpoint":
      if (epoch === undefined) return undefined;
      return JSON.stringify(
        changeKeys(value, ["block", "state"], (root) => roots.at(root, epoch * roots.slotsPerEpoch)),
      );
    default:
      return undefined;
  }
}

const reorgKeys = ["old_head_block", "new_head_block", "old_head_state", "new_head_state"];

function changeSlotEvent(value: JsonObject, slot: number, roots: ForkRoots): JsonObject {
  const epoch = Math.floor(slot / roots.slotsPerEpoch);
  const block = changeKeys(value, ["block", "state"], (root) => roots.at(root, slot));
  const previous = changeKeys(block, ["previous_duty_dependent_root"], (root) =>
    roots.at(root, (epoch - 1) * roots.slotsPerEpoch - 1),
  );
  return changeKeys(previous, ["current_duty_dependent_root"], (root) =>
    roots.at(root, epoch * roots.slotsPerEpoch - 1),
  );
}

function changeHeader(item: JsonObject, roots: ForkRoots): JsonObject {
  const slot = integerOf(at(item, "header", "message", "slot"));
  const header = item["header"];
  if (slot === undefined || !isObject(header)) return item;
  return {
    ...changeKeys(item, ["root"], (root) => roots.at(root, slot)),
    header: changeMessage(header, slot, roots),
  };
}

/** The parent of the branch's first block is the fork point itself, which `head` leaves alone. */
function changeMessage(signed: JsonObject, slot: number | undefined, roots: ForkRoots): JsonObject {
  const message = signed["message"];
  if (slot === undefined || slot <= roots.forkSlot || !isObject(message)) return signed;
  const parent = changeKeys(message, ["parent_root"], (root) => roots.head(root));
  return { ...signed, message: changeKeys(parent, ["state_root"], (root) => roots.fork(root)) };
}

function changeKeys(value: JsonObject, keys: readonly string[], change: (root: string) => string): JsonObject {
  const changed = { ...value };
  for (const key of keys) {
    const root = value[key];
    if (typeof root === "string") changed[key] = change(root);
  }
  return changed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
