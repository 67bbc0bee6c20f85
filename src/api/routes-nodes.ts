import type { FastifyInstance } from "fastify";
import type { OperatorState } from "../upstream/types.ts";
import type { AuditedChange } from "./audited.ts";
import { requireGateway } from "./find-place.ts";
import type { ApiPorts, GatewayHand } from "./ports.ts";
import { mutationAnswer } from "./schemas.ts";
import { flag, name, pathOf, withToken, type Schema } from "./schema-words.ts";

interface NodePath {
  gateway: string;
  group: string;
  node: string;
}

interface Verb {
  summary: string;
  query?: { properties: Record<string, Schema> };
  act(hand: GatewayHand, path: NodePath, by: string, isForced: boolean): Promise<void>;
  /** "bn1 …" in the answer. */
  done: string;
}

const setTo =
  (state: OperatorState) =>
  (hand: GatewayHand, { group, node }: NodePath, by: string): Promise<void> =>
    hand.setOperatorState(group, node, state, by);

const verbs: Readonly<Record<"cordon" | "uncordon" | "drain" | "return", Verb>> = {
  cordon: {
    act: setTo("cordoned"),
    summary: "Take a beacon node out of service; nothing new is sent to it.",
    done: "is cordoned",
  },
  uncordon: { act: setTo("active"), summary: "Let a beacon node serve again.", done: "is in service again" },
  drain: {
    act: (hand, { group, node }, by, isForced) => hand.drain(group, node, by, isForced),
    query: {
      properties: {
        force: { ...flag, default: false, description: "Take even the last ready node, and wait for no proposal." },
      },
    },
    summary:
      "Take a beacon node out of service once nothing depends on it; then it is in maintenance. The group's `drains` in the snapshot say what it waits for.",
    done: "is draining",
  },
  return: {
    act: setTo("active"),
    summary: "Let a beacon node serve again after a drain or a cordon.",
    done: "is in service again",
  },
};

/** What changes the operator's state of a node. */
export function nodeRoutes(app: FastifyInstance, ports: ApiPorts, change: AuditedChange): void {
  for (const [verb, { act, query, summary, done }] of Object.entries(verbs))
    app.post<{ Params: NodePath; Querystring: { force?: boolean } }>(
      `/api/v1/nodes/:gateway/:group/:node/${verb}`,
      {
        schema: {
          summary,
          params: pathOf({ gateway: name, group: name, node: name }),
          ...(query ? { querystring: { type: "object", ...query } } : {}),
          response: { 200: mutationAnswer },
          security: withToken,
        },
      },
      ({ params, query: { force }, actor }) => {
        const { gateway, group, node } = params;
        const asked = { action: `node.${verb}`, target: `${gateway}/${group}/${node}`, name: node, actor };
        return change(asked, async (by) => {
          await act(requireGateway(ports, params), params, by, force === true);
          return { done: `${node} ${done}` };
        });
      },
    );
}
