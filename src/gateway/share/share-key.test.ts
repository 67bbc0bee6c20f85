import fc from "fast-check";
import { expect, test } from "vitest";
import { routesV1 } from "../routes/routes-v1.ts";
import type { Route } from "../routes/route.ts";
import { withoutSpaces } from "./canonical-body.ts";
import { questionOf, type QuestionInput } from "./share-key.ts";

const route = (id: string): Route => routesV1.find((row) => row.id === id) as Route;
const ask = (change: Partial<QuestionInput>) =>
  questionOf({
    route: route("produceAttestationData"),
    target: "/eth/v1/validator/attestation_data?slot=5&committee_index=3",
    form: "json",
    param: "",
    epochsPerPeriod: 256,
    body: null,
    contentType: undefined,
    fork: "deneb",
    ...change,
  });
const at = "/eth/v1/validator/attestation_data";

test("before Electra each committee is a question of its own; from Electra on they are one, asked with index 0", () => {
  const other = `${at}?slot=5&committee_index=4`;
  expect(ask({}).key).not.toBe(ask({ target: other }).key);
  const electra = ask({ fork: "electra" });
  expect(ask({ fork: "electra", target: other })).toEqual(electra);
  expect(ask({ fork: "fulu", target: other }).target).toBe(`${at}?slot=5&committee_index=0`);
  expect(ask({ fork: "electra", target: `${at}?slot=6&committee_index=3` }).key).not.toBe(electra.key);
});

test("the order of parameters does not matter, that of the values of one does", () => {
  expect(ask({ target: `${at}?committee_index=3&slot=5` }).key).toBe(ask({}).key);
  const state = { route: route("getStateValidators") };
  const path = "/eth/v1/beacon/states/head/validators";
  expect(ask({ ...state, target: `${path}?id=1&id=2` }).key).not.toBe(
    ask({ ...state, target: `${path}?id=2&id=1` }).key,
  );
});

test("JSON bodies differ by content and order, not by white space; SSZ bodies by every byte; forms never mix", () => {
  const duties = { route: route("getAttesterDuties"), target: "/eth/v1/validator/duties/attester/7" };
  const json = (text: string) => ask({ ...duties, body: Buffer.from(text), contentType: "application/json" }).key;
  expect(json('[ "1",\n"2" ]')).toBe(json('["1","2"]'));
  expect(json('["2","1"]')).not.toBe(json('["1","2"]'));
  expect(json('["a b"]')).not.toBe(json('["ab"]'));
  const ssz = ask({ ...duties, body: Buffer.from('["1","2"]'), contentType: "application/octet-stream" }).key;
  expect(ssz).not.toBe(json('["1","2"]'));
  expect(ask({ ...duties, form: "ssz" }).key).not.toBe(ask({ ...duties, form: "json" }).key);
});

test("sync duties are one question for every epoch of a period", () => {
  const sync = (epoch: number) =>
    ask({
      route: route("getSyncCommitteeDuties"),
      target: `/eth/v1/validator/duties/sync/${epoch}`,
      param: String(epoch),
    });
  expect(sync(256).key).toBe(sync(511).key);
  expect(sync(511).key).not.toBe(sync(512).key);
  expect(sync(511).target).toBe("/eth/v1/validator/duties/sync/511");
});

test("without its white space JSON means the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const compact = JSON.stringify(value);
      expect(withoutSpaces(Buffer.from(JSON.stringify(value, null, 2))).toString()).toBe(compact);
      expect(withoutSpaces(Buffer.from(compact)).toString()).toBe(compact);
    }),
  );
});
