import { parseChainSpec } from "../src/chain/chain-spec.ts";
import { beaconApis, beaconApisCommit, beaconApisDate } from "../src/gateway/routes/beacon-apis.ts";
import { budgetMs, type BudgetNetwork } from "../src/gateway/routes/budget.ts";
import type { Budget, Route, ShareScope } from "../src/gateway/routes/route.ts";
import { routeAreas, routesV1, routesVersion, unknownRead, unknownWrite } from "../src/gateway/routes/routes-v1.ts";

/** The generated page of the routing table: one section per area, after what its columns mean. */
export function renderRoutesPage(generated: string): string {
  const retired = routesV1.filter((route) => route.retired !== undefined).length;
  const areas = Object.entries(routeAreas).map(([name, routes]) => section(name, routes));
  return [
    "# Routes",
    "",
    `${generated} What the gateway does with each request, table version ${routesVersion}.`,
    "",
    `It has a row for each of the ${beaconApis.length} operations of the [Beacon API](https://github.com/ethereum/beacon-APIs) as of ${beaconApisDate} (commit \`${beaconApisCommit.slice(0, 8)}\`), ` +
      `and ${retired} retired ones that clients still call. What is not listed is passed to one node.`,
    "",
    legend,
    "",
    ...areas,
    section("Everything else", [unknownRead, unknownWrite]),
  ].join("\n");
}

const legend = `| column | what it says |
|---|---|
| policy | the usual combination, see [the gateway](../gateway.md) |
| send | \`one\`: the best node, the next one if it fails. \`hedge\`: the next one also when the first is slow. \`all\`: every node at once. \`creator\`: the node that built the block. \`own\`: nobody, the gateway knows |
| pick | \`first\` good answer, \`agree\`: what the nodes agree on, \`best\`: by value or by bits, \`merge\`: accepted by any, \`union\`: seen by any |
| shared | clients that ask the same get one node's answer: \`flight\` while it is on its way, \`head\` until the head changes, \`duties\` until the epoch's dependent root changes, \`period\` for the sync committee period, \`network\` for good. Never an error, never an optimistic answer |
| within | time from the request to the end of the answer, then 504 (503 for what validators sign over); at 12 s a slot, before Gloas and from Gloas on. Never under one second |
| lane | \`duty\` never waits behind \`bulk\` |
| notes | *signed*: validators sign over the answer, so a node that is not ready may not give it. *once*: never sent to a second node. *replayed*: kept, and repeated to a node that comes back. *large*: over 1 MiB is usual, a second node is asked only if the first fails. *debug*: closed unless \`gateway.allowDebugRoutes\` |`;

function section(name: string, routes: readonly Route[]): string {
  return [
    `## ${name}`,
    "",
    "| method | path | policy | send | pick | shared | within | lane | notes |",
    "|---|---|---|---|---|---|---|---|---|",
    ...routes.map(row),
    "",
  ].join("\n");
}

function row(route: Route): string {
  const cells = [
    route.method,
    `\`${route.path}\``,
    route.policy,
    route.send,
    route.pick,
    shared(route.share),
    route.policy === "events" ? "open" : within(route.deadline),
    route.lane,
    notes(route).join("; "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function shared(share: ShareScope | undefined): string {
  return share ?? "";
}

function within(budget: Budget): string {
  const before = seconds(budgetMs(budget, mainnet(undefined), atSlotZero));
  if (!("due" in budget)) return before;
  const fromGloas = seconds(budgetMs(budget, mainnet(0), atSlotZero));
  return before === fromGloas ? before : `${before}, Gloas ${fromGloas}`;
}

function seconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

function notes(route: Route): string[] {
  const said: string[] = [];
  if (route.isSigningInput) said.push("signed");
  if (!route.mayRepeat) said.push("once");
  if (route.keep === "replay") said.push("replayed");
  if (route.isHeavy) said.push("large");
  if (route.isDebug) said.push("debug");
  if (route.success.length > 1) said.push(`${route.success.join(" and ")} are success`);
  if (route.since !== undefined) said.push(`from ${route.since} on`);
  if (route.until !== undefined) said.push(`until ${route.until}`);
  for (const [fork, { ignoresQuery }] of Object.entries(route.forks ?? {}))
    if (ignoresQuery) said.push(`from ${fork} on one answer whatever \`${ignoresQuery.join("`, `")}\` says`);
  if (route.retired !== undefined) said.push(`retired: ${route.retired}`);
  return said;
}

const atSlotZero = { now: () => 0 };

/** The specification's own numbers, with Gloas at an epoch or not at all. */
function mainnet(gloasEpoch: number | undefined): BudgetNetwork {
  const raw = {
    SECONDS_PER_SLOT: "12",
    SLOTS_PER_EPOCH: "32",
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256",
    ...(gloasEpoch === undefined ? {} : { GLOAS_FORK_VERSION: "0x07000000", GLOAS_FORK_EPOCH: `${gloasEpoch}` }),
  };
  const result = parseChainSpec(raw);
  if (!result.ok) throw new Error(result.error.message);
  return { spec: result.spec, genesis: { genesisTimeMs: 0 } };
}
