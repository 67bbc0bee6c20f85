import { expect, test } from "vitest";
import { resolveClientFamily } from "./client-family.ts";

test.each([
  ["Lighthouse/v7.0.1-a1b2c3/x86_64-linux", "geth", undefined, "lighthouse/geth"],
  ["teku/v25.1.0/linux-x86_64/-eclipseadoptium", "Besu/v25", undefined, "teku/besu"],
  ["Nimbus/v25.2.0-stateofus", undefined, "lodestar", "nimbus/unknown"],
  ["erigon-caplin", undefined, "Caplin", "caplin/unknown"],
  [undefined, "Nethermind", "prysm", "prysm/nethermind"],
  ["", "", "", "unknown/unknown"],
])("%o with %o and %o is %s", (version, execution, client, family) => {
  const { consensus, execution: el } = resolveClientFamily(version, execution, client);
  expect(`${consensus}/${el}`).toBe(family);
});
