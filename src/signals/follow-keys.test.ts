import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../fleet/secret.ts";
import type { HttpGet } from "../fleet/sources/source-io.ts";
import type { ValidatorSource } from "../fleet/validator-sources.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { followKeys } from "./follow-keys.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;
const settings = { labels: {}, metrics: undefined, refreshMs: 300_000 };
const keymanager = (name: string): ValidatorSource => ({
  ...settings,
  name,
  kind: "keymanager",
  url: `http://${name}`,
  token: new Secret("t", "env T"),
  headers: {},
});

function follow(sources: ValidatorSource[], pages: Record<string, string>) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const get: HttpGet = (url) => {
    asked.push(url);
    const body = pages[url];
    return Promise.resolve(
      body === undefined
        ? { ok: false, kind: "refused", message: "connection refused" }
        : { ok: true, status: 200, body },
    );
  };
  const validators = [{ pubkey: key(1), index: 1, labels: { validatorClient: "vc1" }, sources: ["csv"] }];
  const errors: unknown[] = [];
  const follower = followKeys({
    sources: () => sources,
    validators: () => validators,
    statusOf: () => undefined,
    get,
    clock,
    intervalMs: 384_000,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => follower.stop());
  return { clock, asked, follower, pages, errors };
}

const keystores = (...keys: number[]) => JSON.stringify({ data: keys.map((n) => ({ validating_pubkey: key(n) })) });

test("every client and signer is asked at each interval, and held against the inventory", async () => {
  const signer: ValidatorSource = {
    ...settings,
    name: "signer",
    kind: "web3signer",
    url: "http://signer",
    headers: {},
  };
  const { clock, follower, pages, asked } = follow([keymanager("vc1"), keymanager("vc2"), signer], {
    "http://vc1/eth/v1/keystores": keystores(),
    "http://vc1/eth/v1/remotekeys": '{"data":[]}',
    "http://signer/api/v1/eth2/publicKeys": JSON.stringify([key(1)]),
  });
  await clock.advance(0);
  expect(follower.reconciliations()).toMatchObject([
    { place: "vc1", kind: "validator-client", loaded: 0, missing: [key(1)] },
    { place: "vc2", loaded: undefined, error: { code: "source-unreachable" } },
    { place: "signer", kind: "signer", loaded: 1 },
  ]);
  pages["http://vc1/eth/v1/keystores"] = keystores(1);
  await clock.advance(384_000);
  expect(follower.reconciliations()[0]).toMatchObject({
    loaded: 1,
    missing: [],
    doubled: [{ pubkey: key(1), places: ["signer"] }],
    checkedAt: clock.now(),
  });
  const count = asked.length;
  follower.stop();
  await clock.advance(1_000_000);
  expect(asked).toHaveLength(count);
});

test("a client that tells only its metrics is compared by number", async () => {
  const sources: ValidatorSource[] = [
    { ...settings, name: "vc1", kind: "list", keys: ["1"], metrics: "http://vc1/metrics" },
    {
      ...settings,
      name: "vc2",
      kind: "list",
      keys: ["1"],
      metrics: "http://vc2/metrics",
      labels: { validatorClient: "vc1" },
    },
    { ...settings, name: "vc3", kind: "list", keys: ["1"], metrics: "http://vc3/metrics" },
  ];
  const { clock, follower, errors } = follow(sources, {
    "http://vc1/metrics": "vc_validators_enabled_count 7\nvc_validators_total_count 8\n",
    "http://vc2/metrics": "vc_signers_count 3\n",
    "http://vc3/metrics": "go_goroutines 5\n",
  });
  await clock.advance(0);
  expect(errors).toEqual([]);
  expect(follower.reconciliations()).toMatchObject([
    { place: "vc1", loaded: 7, expected: 0 },
    { place: "vc1", loaded: 3, expected: 1 },
    { place: "vc3", loaded: undefined, error: { code: "source-wrong-shape" } },
  ]);
});

test("a single key is missing, loaded or doubled by what validator clients said; of a client that told nothing, nobody knows", async () => {
  const empty = '{"data":[]}';
  const { clock, follower, pages } = follow([keymanager("vc1"), keymanager("vc2")], {
    "http://vc1/eth/v1/keystores": keystores(1),
    "http://vc1/eth/v1/remotekeys": empty,
  });
  expect(follower.stateOf(key(1), "vc1")).toBeUndefined();
  await clock.advance(0);
  expect(follower.stateOf(key(1), "vc1")).toMatchObject({ state: "loaded", place: "vc1" });
  expect(follower.stateOf(key(2), "vc1")).toMatchObject({ state: "missing", place: "vc1" });
  expect(follower.stateOf(key(2), "vc2")).toBeUndefined();
  expect(follower.stateOf(key(2), undefined)).toBeUndefined();
  Object.assign(pages, { "http://vc2/eth/v1/keystores": keystores(1), "http://vc2/eth/v1/remotekeys": empty });
  await clock.advance(384_000);
  expect(follower.stateOf(key(1), "vc1")).toMatchObject({ state: "doubled" });
});
