import { expect, it } from "vitest";
import type { SettingsPage } from "../../../src/api/contract-respond.ts";
import { channelFacts, gatewayFacts, heartbeatShown, routeFacts, ruleWords, tokenShown } from "./settings-words.ts";

const page = (part: Partial<SettingsPage>) => part as SettingsPage;
const brief = (facts: readonly { tone: string; name: string; words: string }[]) =>
  facts.map(({ tone, name, words }) => [tone, name, words]);

it("tells channels that fail first, and never calls an unused one fine", () => {
  const channels = [
    { name: "new", kind: "email", sent: 0, failed: 0, lastError: undefined },
    { name: "good", kind: "slack", sent: 5, failed: 0, lastError: undefined },
    { name: "bad", kind: "telegram", sent: 5, failed: 2, lastError: "chat not found" },
  ];
  expect(brief(channelFacts(page({ channels })))).toEqual([
    ["warn", "bad", "telegram: 5 sent, 2 failed"],
    ["unknown", "new", "email: nothing sent yet"],
    ["fine", "good", "slack: 5 sent"],
  ]);
});

it("tells routes in their order, and of one that reaches nobody that it does", () => {
  const routes = [
    { matchers: ['severity="critical"'], policy: "main", tell: ["ops"], tellFrom: "warning" as const },
    { matchers: [], policy: undefined, tell: [], tellFrom: "info" as const },
  ];
  expect(brief(routeFacts(page({ routes })))).toEqual([
    ["fine", 'severity="critical"', "pages by main; tells ops from warning on"],
    ["warn", "Everything else", "pages nobody; tells no channel"],
  ]);
});

it("tells the heartbeat, and that there is none", () => {
  const sent = { url: "https://hc.example/x", lastSentAt: 1_000, withheld: undefined };
  expect(heartbeatShown(page({ heartbeat: undefined }), 0).tone).toBe("warn");
  expect(heartbeatShown(page({ heartbeat: sent }), 31_000).words).toBe("to https://hc.example/x, last 30 s ago");
  expect(heartbeatShown(page({ heartbeat: { ...sent, withheld: "outbox stuck" } }), 0).tone).toBe("bad");
});

it("tells gateways and rules", () => {
  expect(brief(gatewayFacts(page({ gateways: [{ name: "gw", isReachable: false }] })))).toEqual([
    ["bad", "gw", "does not answer"],
  ]);
  expect(ruleWords(page({ rules: { shipped: 61, own: 2, off: ["X"] } }))).toBe("61 shipped, 2 own; off: X");
});

it("tells a token that is over from one that works", () => {
  const token = { createdBy: "alice", expiresAt: 10_000, lastUsedAt: undefined } as never;
  expect(tokenShown(token, 0)).toEqual({ tone: "fine", words: "works for 10 s more; never used; made by alice" });
  expect(tokenShown(token, 10_000).tone).toBe("unknown");
});
