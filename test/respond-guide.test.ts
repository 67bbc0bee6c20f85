import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rulesSchema } from "../src/alerts/rule-config.ts";
import { parseConfig } from "../src/app/config/parse.ts";
import { signatureOf } from "../src/notify/webhook.ts";
import { parse } from "yaml";

const guide = readFileSync(join(import.meta.dirname, "..", "docs", "respond.md"), "utf8");
const blocks = (language: string) =>
  [...guide.matchAll(/```(\w+)\n([^]*?)```/g)].flatMap(([, of, text = ""]) => (of === language ? [text] : []));

it("every example of the configuration can be used as it stands", () => {
  const examples = blocks("yaml").filter((text) => !/^(#|groups:)/.test(text));
  expect(examples.length).toBeGreaterThan(6);
  for (const text of examples) {
    const { problems } = parseConfig(`nodes: [{ name: bn1, url: "http://127.0.0.1:5052" }]\n${text}`, "respond.md");
    expect(problems, text).toEqual([]);
  }
});

it("the example of a rule file can be used as it stands", () => {
  const [text = "", another] = blocks("yaml").filter((block) => block.startsWith("groups:"));
  expect(another).toBeUndefined();
  expect(rulesSchema.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
});

it("the receiver's example knows a signature of ours, and refuses any other", async () => {
  const [code = ""] = blocks("js");
  const receiver = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromSlotkeeper: (key: string, headers: Record<string, string>, body: string, now: number) => boolean;
  };
  const now = 1_700_000_000;
  const headers = { "x-timestamp": String(now), "x-signature": signatureOf("key", String(now), "{}") };
  expect(receiver.isFromSlotkeeper("key", headers, "{}", now + 299)).toBe(true);
  expect(receiver.isFromSlotkeeper("key", headers, "{ }", now)).toBe(false);
  expect(receiver.isFromSlotkeeper("other", headers, "{}", now)).toBe(false);
  expect(receiver.isFromSlotkeeper("key", headers, "{}", now + 301)).toBe(false);
  expect(receiver.isFromSlotkeeper("key", {}, "{}", now)).toBe(false);
});

it("names every inbound address of the API's contract", () => {
  const contract = readFileSync(join(import.meta.dirname, "..", "src", "api", "contract-respond.ts"), "utf8");
  const [, inbound = ""] = contract.split("Inbound, each with");
  const paths = [...(inbound.split("*/")[0] ?? "").matchAll(/POST (\/\S+)/g)].map(([, path = ""]) => path);
  expect(paths).toHaveLength(4);
  for (const path of paths) expect(guide).toContain(`POST ${path}`);
});
