import type { EvidenceRecord, PublishedItems } from "../control/types.ts";
import { currentSlot, type GroupContext } from "./context.ts";
import type { AskedNode, SharedResult } from "./exchange.ts";
import type { Route } from "./routes/route.ts";

/** What a request has to show when it is answered. */
export interface Seen {
  route: Route;
  client: string;
  requestId: string;
  status: number;
  durationMs: number;
  node: string | undefined;
  answers: readonly AskedNode[];
  shared?: SharedResult | undefined;
  forSlot?: number | undefined;
  servedHeadRoot?: string | undefined;
  refusal?: EvidenceRecord["refusal"] | undefined;
  published?: PublishedItems | undefined;
}

/** Leaves an evidence record. */
export function leaveEvidence(context: GroupContext, seen: Seen): void {
  const { route, shared, forSlot, servedHeadRoot, refusal, published } = seen;
  const record: EvidenceRecord = {
    at: context.clock.now(),
    slot: currentSlot(context),
    group: context.name,
    client: seen.client,
    requestId: seen.requestId,
    method: route.method,
    route: route.path,
    policy: route.policy,
    status: seen.status,
    durationMs: Math.round(seen.durationMs),
    node: seen.node,
    headRoot: context.upstream.view().head?.root,
    answers: seen.answers,
  };
  if (shared !== undefined) record.shared = shared;
  if (forSlot !== undefined) record.forSlot = forSlot;
  if (servedHeadRoot !== undefined) record.servedHeadRoot = servedHeadRoot;
  if (refusal !== undefined) record.refusal = refusal;
  if (published !== undefined) record.published = published;
  context.evidence.push(record);
}
