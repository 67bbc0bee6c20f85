import { readEventBlock, writeEventBlock } from "../event-block.ts";
import { createForkRoots, type ForkRoots } from "../fork-roots.ts";
import { changeEvent, changeBlockAnswer } from "../fork-answers.ts";
import { isObject, withData } from "../json.ts";
import { takePicture } from "../picture.ts";
import { changeCheckpoint, signingInputChange } from "../root-map.ts";
import { defineFault, type Rewrite } from "../types.ts";

export const wrongFork = defineFault({
  kind: "wrong-fork",
  text: {
    short: "wrong fork",
    long: "From a block on, the node follows another branch: head, block, checkpoint and dependent roots all differ from the other nodes' and agree with each other.",
  },
  async start(fault, { readTarget, random }) {
    const picture = await takePicture(readTarget, fault.depthSlots ?? 0);
    const roots = createForkRoots(picture, random);
    return {
      rewrite: ({ path, query }) => rewriteForked(path, query, roots),
      event(block) {
        const event = readEventBlock(block);
        const data = event && changeEvent(event.topic, event.data, roots);
        return event && data !== undefined ? writeEventBlock(event.topic, data) : block;
      },
    };
  },
});

function rewriteForked(path: string, query: URLSearchParams, roots: ForkRoots): Rewrite | undefined {
  if (/^\/eth\/v1\/beacon\/states\/[^/]+\/finality_checkpoints\/?$/.test(path)) {
    return {
      change: (answer) =>
        withData(answer, (data) =>
          Object.fromEntries(Object.entries(data).map(([name, value]) => [name, changeCheckpoint(value, roots)])),
        ),
    };
  }
  const block = /^(\/eth\/v\d+\/beacon\/(?:headers|blocks|blinded_blocks))(?:\/([^/]+)(\/.*)?)?$/.exec(path);
  if (block) {
    const [, prefix = "", id = "", suffix = ""] = block;
    const asked = roots.original(id);
    const search = query.size > 0 ? `?${query.toString()}` : "";
    return {
      ...(asked === undefined ? {} : { url: `${prefix}/${asked}${suffix}${search}` }),
      change: (answer) => changeBlockAnswer(answer, id, suffix, roots),
    };
  }
  const change = signingInputChange(path, roots);
  if (change)
    return { change: (answer) => (isObject(answer.body) ? { ...answer, body: change(answer.body) } : answer) };
  const voted = roots.original(query.get("beacon_block_root") ?? "");
  if (voted === undefined) return undefined;
  const translated = new URLSearchParams(query);
  translated.set("beacon_block_root", voted);
  return {
    url: `${path}?${translated.toString()}`,
    change: (answer) => withData(answer, (data) => ({ ...data, beacon_block_root: roots.head(voted) })),
  };
}
