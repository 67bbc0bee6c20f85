import type { FastifyInstance } from "fastify";
import type { AuditedChange } from "./audited.ts";
import type { BranchBody, HoldBody } from "./contract.ts";
import { requireGateway } from "./find-place.ts";
import type { ApiPorts, GatewayHand } from "./ports.ts";
import { mutationAnswer } from "./schemas.ts";
import { object, name, pathOf, withToken, type Schema } from "./schema-words.ts";

interface GroupVerb {
  path: string;
  action: string;
  summary: string;
  body?: Schema;
  /** Does it and says what was done. */
  act(hand: GatewayHand, group: string, body: Readonly<Record<string, string>>, by: string): Promise<string>;
}

/** Long enough for a sentence and a link to a ticket; it stands on one line of the page. */
const reason: Schema = { type: "string", minLength: 1, maxLength: 500, pattern: "\\S" };
const root: Schema = { type: "string", pattern: "^0x[0-9a-fA-F]{64}$" };

const verbs: readonly GroupVerb[] = [
  {
    path: "hold",
    action: "group.hold",
    summary: "Withhold signing inputs: validators of this group stop signing until it is released.",
    body: object({ reason } satisfies Record<keyof HoldBody, Schema>),
    async act(hand, group, body, by) {
      await hand.hold(group, (body["reason"] ?? "").trim(), by);
      return `signing of group ${group} is on hold`;
    },
  },
  {
    path: "release",
    action: "group.release",
    summary: "Serve signing inputs again after a hold.",
    async act(hand, group, _body, by) {
      await hand.release(group, by);
      return `the hold on group ${group} is released`;
    },
  },
  {
    path: "watermark/reset",
    action: "group.watermark-reset",
    summary: "Forget the highest source epoch served; the next agreed source sets it anew.",
    async act(hand, group, _body, by) {
      await hand.resetWatermark(group, by);
      return `the source watermark of group ${group} is reset`;
    },
  },
  {
    path: "branch",
    action: "group.branch",
    summary: "In a split: serve the branch whose head has this root, until the split has ended.",
    body: object({ root } satisfies Record<keyof BranchBody, Schema>),
    async act(hand, group, body, by) {
      await hand.chooseBranch(group, body["root"] ?? "", by);
      return `group ${group} serves the branch with head ${body["root"]}`;
    },
  },
];

/** What changes a whole group: holds, the source watermark, and the branch in a split. */
export function groupRoutes(app: FastifyInstance, ports: ApiPorts, change: AuditedChange): void {
  for (const verb of verbs)
    app.post<{ Params: { gateway: string; group: string }; Body: Record<string, string> | null | undefined }>(
      `/api/v1/groups/:gateway/:group/${verb.path}`,
      {
        schema: {
          summary: verb.summary,
          params: pathOf({ gateway: name, group: name }),
          ...(verb.body ? { body: verb.body } : {}),
          response: { 200: mutationAnswer },
          security: withToken,
        },
      },
      ({ params, body, actor }) => {
        const { gateway, group } = params;
        const asked = { action: verb.action, target: `${gateway}/${group}`, name: `group ${group}`, actor };
        return change(asked, async (by) => ({
          done: await verb.act(requireGateway(ports, params), group, body ?? {}, by),
        }));
      },
    );
}
