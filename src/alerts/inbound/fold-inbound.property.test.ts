import fc from "fast-check";
import { expect, it } from "vitest";
import { foldInbound, maxInboundAlerts } from "./fold-inbound.ts";
import { readAlertsApi } from "./read-alertmanager.ts";
import type { InboundAlert } from "./types.ts";

const began = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

/** What a Prometheus posts `sentAt`: an end four minutes ahead, or the true one. */
const posted = (sentAt: number, endedAt?: number): InboundAlert[] => {
  const times = {
    startsAt: new Date(began).toISOString(),
    endsAt: new Date(endedAt ?? sentAt + 4 * minute).toISOString(),
  };
  return readAlertsApi(JSON.stringify([{ labels: { alertname: "Down" }, ...times }]), sentAt);
};
const fold = (...steps: readonly (readonly [at: number, alerts: readonly InboundAlert[]])[]) =>
  steps.reduce<InboundAlert[]>((known, [at, alerts]) => foldInbound(known, alerts, at).alerts, []);
const statusOf = ([alert]: readonly InboundAlert[]) => alert?.status;

it("an alert that lapsed while nobody could be reached fires again when it is renewed, with its first beginning", () => {
  const lapsed = [
    [began, posted(began)],
    [began + 4 * minute, []],
  ] as const;
  expect(statusOf(fold(...lapsed))).toBe("resolved");
  const after = began + 10 * minute;
  const [again] = fold(...lapsed, [after, posted(after)]);
  expect(again).toMatchObject({ status: "firing", startsAt: began, endsAt: after + 4 * minute });
});

it("what could not be renewed while we were down has five minutes from our start on", () => {
  const known = fold([began, posted(began)]);
  const startedAt = began + 60 * minute;
  const at = (now: number) => statusOf(foldInbound(known, [], now, startedAt).alerts);
  expect([at(startedAt), at(startedAt + 5 * minute - 1), at(startedAt + 5 * minute)]).toEqual([
    ...["firing", "firing", "resolved"],
  ]);
});

it("a late copy neither shortens an alert nor opens an ended one", () => {
  const [first, second] = [posted(began), posted(began + minute)];
  expect(fold([began + minute, second], [began + 2 * minute, first])).toMatchObject([
    { status: "firing", endsAt: began + 5 * minute },
  ]);
  const ended = posted(began + 2 * minute, began + 2 * minute);
  const steps = [
    [began, first],
    [began + minute, second],
    [began + 2 * minute, ended],
  ] as const;
  expect(statusOf(fold(...steps, [began + 3 * minute, second], [began + 3 * minute, first]))).toBe("resolved");
});

it("one replica's end holds until the other one renews", () => {
  const ended = posted(began + minute, began + minute);
  const renewed = posted(began + 2 * minute);
  expect(statusOf(fold([began, posted(began)], [began + minute, ended], [began + 2 * minute, renewed]))).toBe("firing");
});

it("a life in any order and with any copies is over when its last promise is", () => {
  const life = [
    posted(began),
    posted(began + minute),
    posted(began + 2 * minute),
    posted(began + 3 * minute, began + 3 * minute),
  ];
  const anyOrder = fc
    .tuple(fc.shuffledSubarray(life, { minLength: 4 }), fc.array(fc.constantFrom(...life), { maxLength: 20 }))
    .map((parts) => parts.flat());
  fc.assert(
    fc.property(anyOrder, (messages) => {
      const known = fold(...messages.map((alerts) => [began + 3 * minute, alerts] as const));
      expect(known).toHaveLength(1);
      expect(statusOf(foldInbound(known, [], began + 6 * minute).alerts)).toBe("resolved");
    }),
  );
});

it("ends that nobody knew the beginning of take no endless room; the newest are remembered", () => {
  const end = (index: number): InboundAlert => ({
    ...{ fingerprint: `f${index}`, source: "generic", labels: {}, annotations: {}, status: "resolved" },
    ...{ startsAt: index, endsAt: index },
  });
  const { alerts, refused } = foldInbound(
    [],
    Array.from({ length: maxInboundAlerts + 5 }, (_, index) => end(index)),
    1,
  );
  expect([alerts.length, refused]).toEqual([maxInboundAlerts, 0]);
  expect(Math.min(...alerts.map(({ endsAt }) => endsAt))).toBe(5);
});
