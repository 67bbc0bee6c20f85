import fc from "fast-check";
import { expect, it } from "vitest";
import { compileMatcher } from "./match.ts";
import { pathParameter } from "./path-parameter.ts";
import { routesV1 } from "./routes-v1.ts";

const matcher = compileMatcher(routesV1);

/** What stands for an id in a path: numbers, roots, keys and names, but never a literal of the table. */
const parameter = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("finalized", "justified", "genesis"),
  fc.uint8Array({ minLength: 4, maxLength: 48 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
);

it("gives every path of the table its own row, whatever stands for the parameters", () => {
  fc.assert(
    fc.property(fc.constantFrom(...routesV1), fc.array(parameter, { minLength: 3, maxLength: 3 }), (route, values) => {
      let last = "";
      let next = 0;
      const path = route.path.replaceAll(/\{\w+\}/g, () => (last = values[next++] ?? ""));
      const match = matcher(route.method, path);
      expect(match?.route).toBe(route);
      expect(match?.param).toBe(last);
    }),
    { numRuns: 1_000 },
  );
});

it("knows no path that has a segment more or less than a row, and no empty parameter", () => {
  for (const route of routesV1) {
    const path = route.path.replaceAll(/\{\w+\}/g, "7");
    expect(matcher(route.method, `${path}/7/7/7`)?.route, path).toBeUndefined();
    if (route.path.includes("{")) {
      const emptied = route.path.replaceAll(/\{\w+\}/g, "");
      expect(matcher(route.method, emptied)?.route, emptied).toBeUndefined();
    }
  }
});

it("takes the head's root for a signing input, and any other block's root for a plain read", () => {
  expect(matcher("GET", "/eth/v1/beacon/blocks/head/root")?.route.isSigningInput).toBe(true);
  expect(matcher("GET", "/eth/v1/beacon/blocks/0x12/root")?.route.isSigningInput).toBe(false);
  // The literal does not hide the other routes below the parameter.
  expect(matcher("GET", "/eth/v2/beacon/blocks/head")?.route.id).toBe("getBlockV2");
  expect(matcher("GET", "/eth/v1/beacon/blocks/head/attestations")?.route.id).toBe("getBlockAttestations");
});

it("refuses a table that has a route twice", () => {
  const [first] = routesV1;
  if (!first) throw new Error("the table is empty");
  expect(() => compileMatcher([first, { ...first, id: "again" }])).toThrow(/appears twice/);
});

it("finds each of two parameters by name", () => {
  const route = { path: "/eth/v1/validator/execution_payload_envelopes/{slot}/{beacon_block_root}" };
  const target = "/eth/v1/validator/execution_payload_envelopes/12/0xab?x=/1/2";
  expect(pathParameter(route, target, "slot")).toBe("12");
  expect(pathParameter(route, target, "beacon_block_root")).toBe("0xab");
  expect(pathParameter(route, target, "epoch")).toBeUndefined();
});
