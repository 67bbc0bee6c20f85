import { expect, test } from "vitest";
import { planTopics, type TopicSources } from "./topic-plan.ts";

const sources = (change: Partial<TopicSources>): TopicSources => ({
  wanted: ["attestation", "contribution_and_proof"],
  nodes: ["a", "b"],
  open: [],
  isRefused: () => false,
  hasFailed: () => false,
  ...change,
});
const plan = (change: Partial<TopicSources>) => Object.fromEntries(planTopics(sources(change)));

test("topics of many events come from the best node alone, those that clients act upon from every node", () => {
  expect(plan({ wanted: ["attestation", "head_v2"] })).toEqual({ a: ["attestation", "head_v2"], b: ["head_v2"] });
});

test("a topic stays with the node that carries it, though another one is better now", () => {
  const open = [{ node: "b", topics: ["attestation"] }];
  expect(plan({ open })).toEqual({ b: ["attestation"], a: ["contribution_and_proof"] });
});

test("it moves when that node has failed or left the view", () => {
  const open = [{ node: "b", topics: ["attestation", "contribution_and_proof"] }];
  expect(plan({ open, hasFailed: (node) => node === "b" })).toEqual({ a: ["attestation", "contribution_and_proof"] });
  expect(plan({ open, nodes: ["a"] })).toEqual({ a: ["attestation", "contribution_and_proof"] });
});

test("a topic that a node refuses is asked of the next; one that all refuse, of nobody", () => {
  const isRefused = (node: string, topic: string) => node === "a" && topic === "attestation";
  expect(plan({ isRefused })).toEqual({ b: ["attestation"], a: ["contribution_and_proof"] });
  expect(plan({ isRefused: () => true })).toEqual({});
});

test("when all have failed they are tried all the same", () => {
  expect(plan({ hasFailed: () => true })).toEqual({ a: ["attestation", "contribution_and_proof"] });
  expect(plan({ nodes: [] })).toEqual({});
});
