import { z } from "zod";
import { decodeEvent } from "../beacon/events.ts";
import { root, uint } from "../beacon/field-decoders.ts";
import type { NodeEvent } from "./types.ts";

/** A node told of a block: by gossip, when it imported it, when it made it its head. */
export interface BlockArrival {
  /** When the event came in here. */
  at: number;
  node: string;
  kind: "gossip" | "block" | "head";
  slot: number;
  root: string;
}

const gossip = z.object({ slot: uint, block: root });

/** What an event says of a block's arrival; `undefined` for other topics and for garbage, which the judge hears of elsewhere. */
export function readArrival({ node, topic, data, receivedAt }: NodeEvent): BlockArrival | undefined {
  if (topic === "block_gossip") {
    const parsed = gossip.safeParse(parse(data));
    return parsed.success
      ? { at: receivedAt, node, kind: "gossip", slot: parsed.data.slot, root: parsed.data.block }
      : undefined;
  }
  if (topic !== "block" && topic !== "head") return undefined;
  const event = decodeEvent(topic, data);
  if (event.kind !== "block" && event.kind !== "head") return undefined;
  return { at: receivedAt, node, kind: event.kind, slot: event.slot, root: event.root };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
