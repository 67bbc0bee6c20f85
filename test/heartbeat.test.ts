import { Agent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../src/lib/fake-clock.ts";
import { startHeartbeat, type BeatOutcome, type Heartbeat } from "../src/notify/heartbeat.ts";
import { startProviderStandIn, type ProviderStandIn } from "./support/provider-stand-in.ts";

const token = "very-secret-1234";
const minute = 60_000;

let clock: FakeClock;
let standIn: ProviderStandIn;
let dispatcher: Agent;
let heartbeat: Heartbeat;
let asked: string[];
let outcomes: BeatOutcome[];
let trouble: string | undefined;
let onNext: () => void;

beforeEach(async () => {
  clock = createFakeClock();
  dispatcher = new Agent();
  [asked, outcomes, trouble] = [[], [], undefined];
  onNext = () => undefined;
  standIn = await startProviderStandIn(({ method, url, text }) => {
    asked.push(`${method} ${url.pathname} ${text.length}`);
    return { status: 200, body: {} };
  });
  heartbeat = startHeartbeat({
    ...{ clock, dispatcher, everyMs: minute, url: { reveal: () => `${standIn.url}/ping/${token}` } },
    isWell() {
      if (trouble === "thrown") throw new Error("no view");
      return trouble;
    },
    onOutcome(outcome) {
      outcomes.push(outcome);
      onNext();
    },
  });
});

afterEach(async () => {
  heartbeat.stop();
  await dispatcher.destroy();
  await standIn.stop().catch(() => undefined);
});

/** Lets time pass until the next beat has ended. */
async function beatAfter(ms: number): Promise<BeatOutcome | undefined> {
  const ended = new Promise<void>((resolve) => (onNext = resolve));
  await clock.advance(ms);
  await ended;
  return outcomes.at(-1);
}

test("beats at once and then every minute, with a POST that has no body", async () => {
  const first = await beatAfter(0);
  expect(first).toEqual({ kind: "sent", at: clock.now() });
  await beatAfter(minute);
  await beatAfter(minute);
  expect(asked).toEqual(Array<string>(3).fill(`POST /ping/${token} 0`));
  expect(heartbeat.state()).toEqual({ last: { kind: "sent", at: clock.now() }, sentAt: clock.now() });
});

test("sends nothing while all is not well, says why, and goes on when it is", async () => {
  await beatAfter(0);
  const sentAt = clock.now();
  trouble = "a page is overdue";
  expect(await beatAfter(minute)).toEqual({ kind: "withheld", at: sentAt + minute, why: "a page is overdue" });
  trouble = "thrown";
  expect(await beatAfter(minute)).toMatchObject({
    kind: "withheld",
    why: expect.stringContaining("no view") as string,
  });
  expect(asked).toHaveLength(1);
  expect(heartbeat.state()).toMatchObject({ last: { kind: "withheld" }, sentAt });
  trouble = undefined;
  expect(await beatAfter(minute)).toMatchObject({ kind: "sent" });
  expect(asked).toHaveLength(2);
});

test("tells what failed without the address, and tries again with the next beat", async () => {
  await beatAfter(0);
  const sentAt = clock.now();
  standIn.mode = { kind: "fail", status: 404 };
  expect(await beatAfter(minute)).toMatchObject({ kind: "failed", detail: "answered 404" });
  standIn.mode = { kind: "accept-then-drop" };
  expect(await beatAfter(minute)).toMatchObject({ kind: "failed" });
  expect(heartbeat.state()).toMatchObject({ last: { kind: "failed" }, sentAt });
  standIn.mode = { kind: "ok" };
  expect(await beatAfter(minute)).toMatchObject({ kind: "sent" });
  await standIn.stop();
  expect(await beatAfter(minute)).toMatchObject({ kind: "failed" });
  expect(JSON.stringify(outcomes)).not.toContain(token);
  expect(JSON.stringify(outcomes)).not.toContain(new URL(standIn.url).port);
});

test("gives a hanging service up after ten seconds, long before the next beat", async () => {
  standIn.mode = { kind: "hang" };
  await clock.advance(9_999);
  expect(outcomes).toEqual([]);
  expect(await beatAfter(1)).toMatchObject({ kind: "failed", detail: "no complete answer in time" });
  standIn.mode = { kind: "ok" };
  expect(await beatAfter(minute - 10_000)).toMatchObject({ kind: "sent" });
});

test("is silent when it was stopped, a beat under way included", async () => {
  standIn.mode = { kind: "hang" };
  await clock.advance(1);
  heartbeat.stop();
  standIn.mode = { kind: "ok" };
  await clock.advance(10 * minute);
  expect(outcomes).toEqual([]);
  expect(asked).toEqual([]);
});
