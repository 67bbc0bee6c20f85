import { expect, it } from "vitest";
import { productionSign } from "./production-signs.ts";

it("sees production in the environment, in a cluster and in a running staking client", () => {
  expect(productionSign({ env: { NODE_ENV: "production" }, commands: [] })).toContain("NODE_ENV");
  expect(productionSign({ env: { KUBERNETES_SERVICE_HOST: "service" }, commands: [] })).toContain("Kubernetes");
  expect(productionSign({ env: {}, commands: ["bash", "/opt/bin/lighthouse"] })).toBe("/opt/bin/lighthouse is running");
});

it("sees none on a plain machine, nor where the operator says so", () => {
  expect(productionSign({ env: {}, commands: ["bash", "node", "gethostname"] })).toBeUndefined();
  expect(
    productionSign({ env: { SLOTKEEPER_DEVNET: "1", NODE_ENV: "production" }, commands: ["geth"] }),
  ).toBeUndefined();
});
