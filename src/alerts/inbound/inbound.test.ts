import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../lib/app-error.ts";
import { alertReasons } from "../reasons.ts";
import { foldInbound, maxInboundAlerts } from "./fold-inbound.ts";
import { readAlertmanagerWebhook, readAlertsApi } from "./read-alertmanager.ts";
import { readGenericAlerts } from "./read-generic.ts";
import { readPagerDutyEvent } from "./read-pagerduty.ts";
import type { InboundAlert } from "./types.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const readers = {
  webhook: (body: string) => readAlertmanagerWebhook(body, now),
  api: (body: string) => readAlertsApi(body, now),
  pagerduty: (body: string) => [readPagerDutyEvent(body, now).alert],
  generic: (body: string) => readGenericAlerts(body, now),
};

function codeOf(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(Object.keys(alertReasons)).toContain(error.code);
    return error.code;
  }
}

/** As Alertmanager's documentation of webhook_config has it. */
const webhook = {
  version: "4",
  groupKey: '{}:{alertname="Down"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "slotkeeper",
  groupLabels: { alertname: "Down" },
  commonLabels: { alertname: "Down", severity: "critical" },
  commonAnnotations: {},
  externalURL: "http://alertmanager.example:9093",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "Down", instance: "a", severity: "critical" },
      annotations: { summary: "a is down" },
      startsAt: "2026-03-01T11:00:00Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus.example/graph",
      fingerprint: "14e98b2e2e5cbb9e",
    },
    {
      status: "resolved",
      labels: { alertname: "Down", instance: "b" },
      annotations: {},
      startsAt: "2026-03-01T11:00:00Z",
      endsAt: "2026-03-01T11:30:00.5Z",
      generatorURL: "",
      fingerprint: "0",
    },
  ],
};

describe("Alertmanager", () => {
  it("reads a webhook, Go's zero time being no end", () => {
    expect(readers.webhook(JSON.stringify(webhook))).toMatchObject([
      {
        source: "alertmanager",
        status: "firing",
        startsAt: now - 3_600_000,
        endsAt: 0,
        annotations: { summary: "a is down" },
      },
      { status: "resolved", endsAt: now - 1_800_000 + 500, labels: { instance: "b" } },
    ]);
  });

  it("tells alerts of one name apart, and knows a copy by its labels in any order", () => {
    const [a, b] = readers.webhook(JSON.stringify(webhook));
    expect(a?.fingerprint).not.toBe(b?.fingerprint);
    const turned = {
      ...webhook,
      alerts: [{ ...webhook.alerts[0], labels: { severity: "critical", instance: "a", alertname: "Down" } }],
    };
    expect(readers.webhook(JSON.stringify(turned))[0]?.fingerprint).toBe(a?.fingerprint);
  });

  it("reads what Prometheus posts to an Alertmanager; without an end it ends unless it comes again", () => {
    const labels = { alertname: "Down" };
    const posted = [
      { labels, startsAt: "2026-03-01T11:00:00Z", endsAt: "2026-03-01T12:04:00Z", generatorURL: "http://p" },
      { labels: { ...labels, n: "2" } },
      { labels: { ...labels, n: "3" }, endsAt: "2026-03-01T11:59:00Z" },
    ];
    expect(readers.api(JSON.stringify(posted))).toMatchObject([
      { status: "firing", endsAt: now + 240_000 },
      { status: "firing", startsAt: now, endsAt: now + 300_000 },
      { status: "resolved", endsAt: now - 60_000 },
    ]);
  });
});

describe("PagerDuty", () => {
  const trigger = {
    routing_key: "secret-key",
    event_action: "trigger",
    payload: {
      summary: "disk",
      source: "host1",
      severity: "error",
      timestamp: "2026-03-01T11:00:00Z",
      class: "disk",
      group: "prod",
      custom_details: { free: 1 },
    },
  };

  it("reads an event; error counts as critical, and the key is no part of the alert", () => {
    const { alert, routingKey } = readPagerDutyEvent(JSON.stringify(trigger), now);
    expect(routingKey).toBe("secret-key");
    expect(JSON.stringify(alert)).not.toContain("secret-key");
    expect(alert).toMatchObject({
      status: "firing",
      startsAt: now - 3_600_000,
      labels: { alertname: "disk", severity: "critical", source: "host1", pagerduty_group: "prod" },
      annotations: { summary: "disk", description: '{"free":1}' },
    });
  });

  it("gives an event without a dedup_key one that a replay has as well, by which it is resolved", () => {
    const first = readPagerDutyEvent(JSON.stringify(trigger), now);
    const again = readPagerDutyEvent(JSON.stringify(trigger), now + 5);
    expect(again.dedupKey).toBe(first.dedupKey);
    const resolve = { routing_key: "k", event_action: "resolve", dedup_key: first.dedupKey };
    expect(readPagerDutyEvent(JSON.stringify(resolve), now).alert).toMatchObject({
      status: "resolved",
      fingerprint: first.alert.fingerprint,
    });
  });

  it("refuses a trigger without payload and a resolve without key", () => {
    expect(codeOf(() => readers.pagerduty('{"routing_key":"k","event_action":"trigger"}'))).toBe("inbound-bad-shape");
    expect(codeOf(() => readers.pagerduty('{"routing_key":"k","event_action":"resolve"}'))).toBe("inbound-bad-shape");
  });
});

it("reads plain JSON, one or several, and refuses what it does not know", () => {
  expect(readers.generic('{"title":"Door open","labels":{"room":"1"}}')).toMatchObject([
    {
      status: "firing",
      labels: { alertname: "Door open", room: "1", severity: "warning" },
      annotations: { summary: "Door open" },
      startsAt: now,
    },
  ]);
  const [first, second] = readers.generic('[{"title":"A","id":"x"},{"title":"B","id":"x","status":"resolved"}]');
  expect(second?.fingerprint).toBe(first?.fingerprint);
  expect(codeOf(() => readers.generic('{"title":"A","colour":"red"}'))).toBe("inbound-bad-shape");
});

describe("hostile bodies", () => {
  it.each(Object.entries(readers))(
    "%s: too large, too deep, no JSON, and another shape have an error of their own",
    (_, read) => {
      expect(codeOf(() => read(`"${"x".repeat(600_000)}"`))).toBe("inbound-too-large");
      expect(codeOf(() => read(`"${"ä".repeat(300_000)}"`))).toBe("inbound-too-large");
      expect(codeOf(() => read(`${"[".repeat(200_000)}`))).toBe("inbound-too-large");
      expect(codeOf(() => read("{"))).toBe("inbound-not-json");
      expect(codeOf(() => read(""))).toBe("inbound-not-json");
      expect(codeOf(() => read("null"))).toBe("inbound-bad-shape");
      expect(codeOf(() => read('{"alerts":1}'))).toBe("inbound-bad-shape");
    },
  );

  it("bounds alerts, labels and their lengths, and cuts long texts", () => {
    const alert = (labels: object, annotations: object = {}) => ({ labels, annotations });
    const api = (alerts: readonly object[]) => codeOf(() => readers.api(JSON.stringify(alerts)));
    expect(api(Array.from({ length: 1_001 }, (_, i) => alert({ a: String(i) })))).toBe("inbound-bad-shape");
    expect(api([alert(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, "x"])))])).toBe(
      "inbound-bad-shape",
    );
    expect(api([alert({ a: "x".repeat(2_001) })])).toBe("inbound-bad-shape");
    expect(api([alert({})])).toBe("inbound-bad-shape");
    expect(api([alert({ a: "" })])).toBe("inbound-bad-shape");
    const [cut] = readers.api(JSON.stringify([alert({ a: "1" }, { text: "x".repeat(20_000) })]));
    expect(cut?.annotations["text"]).toHaveLength(10_000);
  });

  it("says where a body is wrong", () => {
    const wrong = { ...webhook, alerts: [webhook.alerts[0], { ...webhook.alerts[1], status: "gone" }] };
    expect(() => readers.webhook(JSON.stringify(wrong))).toThrow(/read the Alertmanager webhook: alerts\.1\.status/);
  });

  it("takes __proto__ for a label like any other", () => {
    const [alert] = readers.api('[{"labels":{"__proto__":"x","alertname":"A"}}]');
    expect(Object.getPrototypeOf(alert?.labels ?? {})).toBe(Object.prototype);
  });

  it("takes NUL and halves of pairs out of names and texts, which PostgreSQL cannot store, and leaves all else", () => {
    const [alert] = readers.generic(
      String.raw`{"title":"a\u0000b","id":"\ud800","labels":{"x\ud83dy":"\\u0000 \uD83D\uDE00 \u00e9 \n"}}`,
    );
    expect(alert?.labels).toEqual({ alertname: "a\ufffdb", "x\ufffdy": "\\u0000 😀 é \n", severity: "warning" });
    expect(codeOf(() => readers.generic('{"title":"a\u0000b"}'))).toBe("inbound-not-json");
    expect(readers.generic('{"title":"a\ud800b"}')[0]?.labels["alertname"]).toBe("a\ufffdb");
  });

  it("reads any text or refuses it with a known code", () => {
    const nearly = fc.json({ maxDepth: 4 });
    const broken = fc
      .tuple(fc.constant(JSON.stringify(webhook)), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([text, at, insert]) => {
        const place = at % text.length;
        return text.slice(0, place) + insert + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly, broken), (body) => {
        for (const read of Object.values(readers)) codeOf(() => read(body));
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is known of inbound alerts", () => {
  const alert = (change: Partial<InboundAlert>): InboundAlert => ({
    ...{
      fingerprint: "f",
      source: "alertmanager",
      labels: { a: "1" },
      annotations: {},
      status: "firing",
      startsAt: 100,
      endsAt: 0,
    },
    ...change,
  });
  const fold = (...steps: readonly (readonly [at: number, ...alerts: InboundAlert[]])[]) =>
    steps.reduce<InboundAlert[]>((known, [at, ...alerts]) => foldInbound(known, alerts, at).alerts, []);

  it("is not changed by a copy, early or late", () => {
    const resolved = alert({ status: "resolved", endsAt: 200 });
    expect(fold([100, alert({})], [101, alert({})])).toEqual([alert({})]);
    expect(fold([100, alert({})], [200, resolved], [201, alert({})])).toMatchObject([
      { status: "resolved", endsAt: 200 },
    ]);
    expect(fold([200, resolved])).toEqual([resolved]);
    expect(fold([200, resolved], [201, alert({})])).toEqual([resolved]);
  });

  it("opens again for a new occurrence, which the end of the one before does not end", () => {
    const resolved = alert({ status: "resolved", endsAt: 200 });
    const again = alert({ startsAt: 300 });
    expect(fold([100, alert({})], [200, resolved], [300, again], [301, resolved])).toEqual([again]);
  });

  it("ends what was to be renewed and was not, keeps an acknowledgement, and forgets the end after a day", () => {
    const renewed = alert({ endsAt: 400 });
    expect(fold([100, renewed], [399])).toMatchObject([{ status: "firing" }]);
    expect(fold([100, renewed], [400])).toMatchObject([{ status: "resolved" }]);
    expect(fold([100, renewed], [400], [400 + 86_400_000])).toEqual([]);
    expect(fold([100, alert({})], [101, alert({ status: "acknowledged" })], [102, alert({})])).toMatchObject([
      { status: "acknowledged" },
    ]);
  });

  it("has a bound, and says what it refused", () => {
    const many = Array.from({ length: maxInboundAlerts + 3 }, (_, i) => alert({ fingerprint: `f${i}` }));
    const folded = foldInbound([], many, 100);
    expect([folded.alerts.length, folded.refused]).toEqual([maxInboundAlerts, 3]);
  });
});
