import { expect, test } from "vitest";
import type { HttpGet } from "../fleet/sources/source-io.ts";
import { askRelays } from "./ask-relays.ts";

const hash = `0x${"ab".repeat(32)}`;
const relays = [
  { name: "one", url: "https://one" },
  { name: "two", url: "https://two" },
];
const trace = { block_hash: hash, proposer_fee_recipient: `0x${"CD".repeat(20)}`, value: "45000000000000001" };

function ask(answers: Record<string, { status: number; body: string } | undefined>) {
  const get: HttpGet = (url) => {
    const answer = answers[new URL(url).host];
    return Promise.resolve(answer ? { ok: true, ...answer } : { ok: false, kind: "refused", message: "refused" });
  };
  return askRelays(relays, 7, hash, get, new AbortController().signal);
}
const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

test("the relay that delivered it tells to whom and how much it promised, whatever the others say", async () => {
  expect(await ask({ one: undefined, two: ok([{ block_hash: "0x00" }, trace]) })).toEqual({
    ...{ relay: "two", proposerFeeRecipient: `0x${"cd".repeat(20)}`, valuePromised: 45_000_000 },
  });
});

test("when none delivered it, it was built here; when one could not be asked, nobody knows", async () => {
  expect(await ask({ one: ok([]), two: ok(null) })).toEqual({});
  expect(await ask({ one: ok([]), two: undefined })).toBeUndefined();
});

test.each([
  ["an error", { status: 500, body: "" }],
  ["no JSON", { status: 200, body: "<html>" }],
  ["no list", ok({ traces: [] })],
])("%s is no answer", async (_name, answer) => {
  expect(await ask({ one: answer, two: ok([]) })).toBeUndefined();
});

test("a value that cannot be is left out", async () => {
  expect(await ask({ one: ok([{ ...trace, value: "-5", proposer_fee_recipient: 7 }, "x"]), two: ok([]) })).toEqual({
    relay: "one",
  });
});
