import { AppError } from "../lib/app-error.ts";
import { askEach, findPlaces, type Outcome, type Where } from "./tell-gateways.ts";

export interface NodeRequest extends Where {
  node: string;
  verb: "cordon" | "uncordon" | "drain" | "return";
  /** Drain: take even the last ready node, and wait for no proposal. */
  isForced?: boolean;
}

const doneWords = {
  cordon: "is cordoned",
  uncordon: "is in service again",
  drain: "is draining",
  return: "is in service again",
} as const;

/**
 * Takes a node out of service or back, at every gateway and in every group that has it. Throws `AppError` `unknown-node`
 * when no gateway has such a node.
 */
export async function tellNode(configPath: string, request: NodeRequest): Promise<Outcome[]> {
  const { node, verb, isForced = false } = request;
  const places = await findPlaces(configPath, request, ({ nodes }) => nodes.some((each) => each.node === node));
  if (places.found.length === 0 && places.lost.length === 0)
    throw new AppError(
      `${verb} ${node}: no gateway has such a node. \`slotkeeper status\` shows the names of gateways, groups and nodes.`,
      { code: "unknown-node" },
    );
  return askEach(places, ({ group, nodes, view }) => {
    const isLast = verb === "cordon" && view.ready.every((each) => each === node);
    const isOut = verb === "drain" && nodes.find((each) => each.node === node)?.operator === "maintenance";
    return {
      ask: { kind: "node", verb, group, node, isForced },
      done: `${node} ${isOut ? "is out of service already" : doneWords[verb]}${isLast ? ". NO OTHER NODE IS READY: duties are lost until one is" : ""}`,
    };
  });
}
