import type { View } from "../../upstream/types.ts";
import type { GatewayReasonCode } from "../reasons.ts";

/** Which nodes may answer, best first; `degraded` carries the reason that goes into the response header. */
export type NodeChoice =
  | { kind: "ready"; names: readonly string[] }
  | { kind: "degraded"; names: readonly string[]; why: string }
  | { kind: "none"; reason: GatewayReasonCode };

/** Any read: ready nodes, else the least bad ones. */
export function chooseForRead(view: View): NodeChoice {
  const why = view.reason ?? view.kind;
  if (view.kind === "split" && view.ready.length > 0) return { kind: "degraded", names: view.ready, why };
  if (view.ready.length > 0) return { kind: "ready", names: view.ready };
  if (view.fallback.length > 0) return { kind: "degraded", names: view.fallback, why };
  return { kind: "none", reason: "no-node" };
}

/**
 * Signing inputs: ready nodes, those that hold the view's head first (a head event was sent for it); with nobody ready
 * only nodes that are not optimistic and at most 8 slots behind; in a split nobody.
 */
export function chooseForSigning(view: View, headRootOf: (node: string) => string | undefined): NodeChoice {
  if (view.kind === "split") return { kind: "none", reason: "split" };
  if (view.ready.length === 0) {
    if (view.signingInputs.length === 0) return { kind: "none", reason: "no-signing-node" };
    return { kind: "degraded", names: view.signingInputs, why: view.reason ?? view.kind };
  }
  const root = view.head?.root;
  if (root === undefined || view.ready.length === 1) return { kind: "ready", names: view.ready };
  const holders = view.ready.filter((node) => headRootOf(node) === root);
  if (holders.length === 0 || holders.length === view.ready.length) return { kind: "ready", names: view.ready };
  return { kind: "ready", names: [...holders, ...view.ready.filter((node) => !holders.includes(node))] };
}
