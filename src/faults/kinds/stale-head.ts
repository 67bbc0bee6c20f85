import { readEventBlock } from "../event-block.ts";
import { at, integerOf, isObject, withData } from "../json.ts";
import { takePicture, type ChainPicture } from "../picture.ts";
import { signingInputChange, type RootMap } from "../root-map.ts";
import { isSyncingRoute } from "../routes.ts";
import { defineFault, type JsonAnswer, type Rewrite } from "../types.ts";

const headTopics = new Set(["head", "head_v2", "block", "block_gossip", "chain_reorg", "finalized_checkpoint"]);

export const staleHead = defineFault({
  kind: "stale-head",
  text: {
    short: "stale head",
    long: "The node's head stands still from the fault's start on, and the node claims to be synced. Validator lists and other reads of the head state are passed on as they are.",
  },
  async start(_fault, { readTarget }) {
    const picture = await takePicture(readTarget);
    const map = frozenRoots(picture);
    return {
      rewrite: ({ path, query }) => rewriteStale(path, query, picture, map),
      event(block) {
        const event = readEventBlock(block);
        return event && headTopics.has(event.topic) ? undefined : block;
      },
    };
  },
});

function frozenRoots(picture: ChainPicture): RootMap {
  const justified = picture.finality["current_justified"];
  return {
    slotsPerEpoch: picture.slotsPerEpoch,
    head: () => picture.root,
    at: (root, slot) => (slot > picture.slot ? picture.root : root),
    source: (checkpoint) => (isObject(justified) ? justified : checkpoint),
  };
}

function rewriteStale(path: string, query: URLSearchParams, picture: ChainPicture, map: RootMap): Rewrite | undefined {
  if (isSyncingRoute(path)) {
    const claim = { head_slot: String(picture.slot), sync_distance: "0", is_syncing: false };
    return { change: (answer) => withData(answer, (data) => ({ ...data, ...claim })) };
  }
  if (/^\/eth\/v1\/beacon\/states\/head\/finality_checkpoints\/?$/.test(path)) {
    return { change: (answer) => withData(answer, () => picture.finality) };
  }
  if (/^\/eth\/v1\/beacon\/headers\/?$/.test(path))
    return { change: (answer) => staleHeaderList(answer, query, picture) };
  const block = /^(\/eth\/v\d+\/beacon\/(?:headers|blocks|blinded_blocks)\/)([^/]+)(\/.*)?$/.exec(path);
  if (block) {
    const [, prefix = "", id = "", suffix = ""] = block;
    const url = id === "head" ? `${prefix}${picture.root}${suffix}` : undefined;
    if (Number(id) > picture.slot && /^\d+$/.test(id)) return { change: notFound };
    return { ...(url === undefined ? {} : { url }), change: (answer) => hideNewer(answer, picture.slot) };
  }
  const change = signingInputChange(path, map);
  return change && { change: (answer) => (isObject(answer.body) ? { ...answer, body: change(answer.body) } : answer) };
}

/** A stale node has never seen a block after its head. */
function hideNewer(answer: JsonAnswer, headSlot: number): JsonAnswer {
  const slot =
    integerOf(at(answer.body, "data", "header", "message", "slot")) ??
    integerOf(at(answer.body, "data", "message", "slot"));
  return slot !== undefined && slot > headSlot ? notFound() : answer;
}

function notFound(): JsonAnswer {
  return { status: 404, body: { code: 404, message: "Block not found" } };
}

function staleHeaderList(answer: JsonAnswer, query: URLSearchParams, picture: ChainPicture): JsonAnswer {
  if (!isObject(answer.body)) return answer;
  const slot = integerOf(query.get("slot") ?? undefined);
  if (slot === undefined && !query.has("parent_root")) {
    return { status: 200, body: { ...picture.header, data: [at(picture.header, "data")] } };
  }
  const list: unknown = answer.body["data"];
  const known = (Array.isArray(list) ? (list as unknown[]) : []).filter((item) => {
    const itemSlot = integerOf(at(item, "header", "message", "slot"));
    return itemSlot !== undefined && itemSlot <= picture.slot;
  });
  return { status: answer.status, body: { ...answer.body, data: known } };
}
