import { describe, expect, it } from "vitest";
import type { ShownAlert } from "../../../src/api/contract-respond.ts";
import { coveredBy, escalationWords, labelText, matcherWords, matchersOf, suppressionWords } from "./alert-words.ts";

const alert = (labels: Record<string, string>) => ({ labels }) as unknown as ShownAlert;

describe("a silence made from an alert", () => {
  const labels = { node: 'bn-"1"', alertname: "NodeDown", empty: "", group: "main" };
  it("names exactly that alert, its name first", () => {
    expect(matchersOf(labels).map(matcherWords)).toEqual(['alertname="NodeDown"', 'group="main"', 'node="bn-\\"1\\""']);
    expect(coveredBy(matchersOf(labels), [alert(labels), alert({ ...labels, node: "bn-2" })])).toBe(1);
  });
  it("counts what absent labels and the star mean, and leaves patterns to the server", () => {
    const alerts = [alert({ node: "a" }), alert({})];
    expect(coveredBy([{ name: "node", op: "=", value: "*" }], alerts)).toBe(1);
    expect(coveredBy([{ name: "node", op: "!=", value: "a" }], alerts)).toBe(1);
    expect(coveredBy([{ name: "constructor", op: "=", value: "" }], alerts)).toBe(2);
    expect(coveredBy([{ name: "node", op: "=~", value: "a|b" }], alerts)).toBeUndefined();
  });
});

describe("words", () => {
  it("tell labels without the name", () => expect(labelText({ alertname: "X", a: "1", b: "" })).toBe("a=1"));
  it("tell what suppresses, by what and until when", () => {
    const reasonOf = (code: string) => ({ short: code.replaceAll("-", " "), long: "" });
    const silence = { kind: "silence", id: "s-1", reason: "silenced", until: 0 } as never;
    expect(suppressionWords(silence, reasonOf)).toBe("silence s-1 until 00:00:00 UTC: silenced");
  });
  it.each([
    ["triggered", 61_000, "bad", "p: paging, nobody has acknowledged, next step in 1 min"],
    ["triggered", 0, "bad", "p: paging, nobody has acknowledged, next step due now"],
    ["acknowledged", 61_000, "fine", "acknowledged by alice; pages again in 1 min unless it ends"],
    ["expired", undefined, "bad", "p: all steps are used up, nobody has acknowledged"],
  ] as const)("tell how paging stands: %s %s", (kind, nextAt, tone, words) => {
    const episode = { escalation: { kind, policy: "p", by: "alice", nextAt } } as never;
    expect(escalationWords(episode, 1_000)).toEqual({ tone, words });
  });
});
