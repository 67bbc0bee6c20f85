import type { Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";
import { agreedSlots, headOf } from "./agreed-slots.ts";
import { askLog } from "./ask-log.ts";
import { askHost, askValidatorClient } from "./ask-metrics.ts";
import { askNode, type AskedNode } from "./ask-node.ts";
import type { Evidence } from "./evidence.ts";
import { failed } from "./facts.ts";
import type { Targets } from "./targets.ts";

export interface GatherOptions {
  clock: Clock;
  dispatcher: Dispatcher;
  /** On `clock.monotonic()`: nothing is waited for beyond it. */
  deadlineAt: number;
}

/** Whoever has not told its head by then is not waited for when the compared slots are chosen. */
const firstRoundShare = 0.6;

/**
 * Asks everything at once under one deadline: nodes and references in two rounds (facts, then block roots at slots that
 * the first round agreed on), metrics pages, logs. Never rejects: what did not come in time is a failed fact.
 */
export async function gather(
  targets: Targets,
  logs: readonly string[],
  expectKeys: number | undefined,
  options: GatherOptions,
): Promise<Evidence> {
  const [nodes, validatorClients, hosts, logEvidence] = await Promise.all([
    askNodes(targets, options),
    Promise.all(targets.validatorClients.map((target) => askValidatorClient(target, options))),
    Promise.all(targets.hosts.map((target) => askHost(target, options))),
    Promise.all(logs.map((path) => askLog(path, options.clock))),
  ]);
  return { ...nodes, validatorClients, hosts, logs: logEvidence, expectKeys };
}

async function askNodes(
  targets: Targets,
  options: GatherOptions,
): Promise<Pick<Evidence, "nodes" | "references" | "now">> {
  const { clock, deadlineAt } = options;
  const nodes = targets.nodes.map((target) => askNode(target, options));
  const references = targets.references.map((target) => askNode(target, options));
  const all = [...nodes, ...references];
  const snapshot = () => ({
    nodes: nodes.map(({ evidence }) => evidence),
    references: references.map(({ evidence }) => evidence),
    now: clock.now(),
  });
  const firstRound = Promise.all(all.map((node) => node.askFirst()));
  const enough = new AbortController();
  await Promise.race([firstRound, clock.sleep((deadlineAt - clock.monotonic()) * firstRoundShare, enough.signal)]);
  enough.abort();
  const slots = agreedSlots(snapshot());
  await Promise.all([firstRound, ...all.map((node) => askRootsOf(node, slots))]);
  return snapshot();
}

/** Asks only for slots up to the node's head: beyond it, "no block" would say nothing. */
async function askRootsOf(node: AskedNode, slots: readonly number[]): Promise<void> {
  const head = headOf(node.evidence);
  if (head === undefined) {
    for (const slot of slots) node.evidence.roots.set(slot, failed("timeout", "did not tell its head in time"));
    return;
  }
  await node.askRoots(slots.filter((slot) => slot <= head));
}
