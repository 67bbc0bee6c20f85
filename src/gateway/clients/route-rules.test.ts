import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRules, parsePattern, type RouteRules } from "./route-rules.ts";

const rules = (change: Partial<RouteRules>): RouteRules => ({ deny: [], allow: [], only: [], ...change });

test("a pattern means its path and everything below it, whole segments only", () => {
  const judge = compileRules([rules({ deny: ["/eth/v1/beacon/blob_sidecars", "/eth/*/debug"] })]);
  expect(judge("GET", "/eth/v1/beacon/blob_sidecars/head")).toBe("denied");
  expect(judge("GET", "/eth/v1/beacon/blob_sidecars_more")).toBe("default");
  expect(judge("GET", "/eth/v2/debug/beacon/states/head")).toBe("denied");
  expect(judge("GET", "/eth/v1/beacon")).toBe("default");
});

test("a method in front limits a pattern to it; HEAD is GET", () => {
  const judge = compileRules([rules({ deny: ["POST /eth/v1/beacon/pool", "HEAD /eth/v1/node"] })]);
  expect(judge("POST", "/eth/v1/beacon/pool/voluntary_exits")).toBe("denied");
  expect(judge("GET", "/eth/v1/beacon/pool/voluntary_exits")).toBe("default");
  expect(judge("GET", "/eth/v1/node/peers")).toBe("denied");
});

test("deny of any level wins, every `only` must hold, allow of any level opens", () => {
  const judge = compileRules([
    rules({ deny: ["/eth/v1/debug/fork_choice"], only: ["/eth", "/teku"] }),
    rules({ allow: ["/eth/v1/debug", "/teku"], only: ["GET /eth", "GET /teku"] }),
  ]);
  expect(judge("GET", "/eth/v1/debug/fork_choice")).toBe("denied");
  expect(judge("GET", "/eth/v1/debug/beacon/heads")).toBe("allowed");
  expect(judge("POST", "/eth/v1/validator/duties/sync/1")).toBe("denied");
  expect(judge("GET", "/lighthouse/health")).toBe("denied");
  expect(judge("GET", "/teku/v1/nodes")).toBe("allowed");
});

test("`{name}` of the routing table is a star", () => {
  expect(parsePattern("GET /eth/v1/beacon/states/{state_id}/validators")?.segments[4]).toBe("*");
});

test.each(["", "eth/v1", "DELETE /eth", "/eth/v1/**", "/eth//v1", "/eth/%2e", "/eth?x=1", "GET/eth"])(
  "%s is no pattern",
  (text) => expect(parsePattern(text)).toBeUndefined(),
);

test("spelling does not get around a denial: letters' case, a slash at the end, more segments", () => {
  const letters = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
  const tail = fc.array(fc.stringMatching(/^[a-zA-Z0-9_]{1,8}$/), { maxLength: 3 });
  const judge = compileRules([rules({ deny: ["/eth/v1/debug"], allow: ["/eth"] })]);
  fc.assert(
    fc.property(letters, tail, fc.boolean(), (upper, more, hasSlash) => {
      const base = [..."/eth/v1/debug"].map((c, i) => (upper[i] === true ? c.toUpperCase() : c)).join("");
      expect(judge("GET", [base, ...more].join("/") + (hasSlash ? "/" : ""))).toBe("denied");
    }),
  );
});
