import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { checkOnCall } from "../../oncall/check-on-call.ts";
import { weekdays } from "../../oncall/types.ts";
import { diffConfig } from "./diff.ts";
import { parseConfig } from "./parse.ts";
import { configSchema } from "./schema.ts";
import { goodRespond, loadRespond } from "./testing/respond-file.ts";

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const day = fc.constantFrom(...weekdays);
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
const duration = fc.constantFrom("1m", "90s", "1h30m", "10m");
const handover = fc.oneof(
  fc.record({ daily: time }),
  fc.record({ weekly: day, at: time }, { requiredKeys: ["weekly"] }),
  fc.record({ every: fc.constantFrom("1h", "12h", "3d"), at: time }, { requiredKeys: ["every"] }),
  fc.record({ every: fc.constantFrom("1w", "2w"), on: day, at: time }, { requiredKeys: ["every"] }),
);
const window = fc.record(
  { days: fc.uniqueArray(day, { minLength: 1 }), from: time, to: time },
  { requiredKeys: ["from", "to"] },
);
const person = fc.constantFrom("ann", "bob", "cid");
const layer = fc.record(
  {
    name: fc.constantFrom("a", "the week", "ночь"),
    people: fc.array(person, { minLength: 1, maxLength: 4 }),
    ...{ handover, timeZone: zone, hours: fc.array(window, { minLength: 1, maxLength: 3 }) },
    from: fc.constantFrom("2026-01-05T09:00", "2024-02-29T00:00"),
    until: fc.constantFrom("2026-03-29T02:30", "2030-01-01T00:00"),
  },
  { requiredKeys: ["name", "people"] },
);
const layers = fc.array(layer, { minLength: 1, maxLength: 3 });
const target = fc.oneof(
  person.map((name) => ({ person: name })),
  fc.constant({ schedule: "s0" }),
);
const contact = fc.oneof(
  fc.constant({ channel: "s" }),
  fc.constant({ channel: "p" }),
  fc.constantFrom("C7", "U8").map((address) => ({ channel: "s", address })),
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((address) => ({ channel: "t", address })),
);

/** Any file about alarms and people that an operator could write; what it names is there. */
const file = fc
  .record({
    contacts: fc.array(fc.array(contact, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    schedules: fc.array(
      fc.record({ timeZone: zone, layers, shadows: layers }, { requiredKeys: ["timeZone", "layers"] }),
      {
        ...{ minLength: 1, maxLength: 2 },
      },
    ),
    steps: fc.array(
      fc.record({ after: duration, notify: fc.array(target, { minLength: 1 }) }, { requiredKeys: ["notify"] }),
      { minLength: 1, maxLength: 3 },
    ),
    routes: fc.array(
      fc.record(
        {
          match: fc.array(fc.constantFrom("a=b", 'a!="b c"', "severity=~critical|warning", "customer=*")),
          ...{ policy: fc.constant("p0"), tell: fc.array(contact) },
          tellFrom: fc.constantFrom("critical", "warning", "info"),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    off: fc.uniqueArray(fc.constantFrom("FinalityLag", "StoreFailing", "MemoryLow")),
    throttle: fc.record({ burst: fc.integer({ min: 1, max: 9 }), refill: duration }, { requiredKeys: [] }),
  })
  .map(({ contacts, schedules, steps, routes, off, throttle }) => ({
    nodes: [{ name: "a", url: "http://a:1" }],
    channels: [
      { name: "s", kind: "slack", token: { env: "SLACK" }, address: "C1" },
      { name: "t", kind: "telegram", token: { env: "BOT" } },
      { name: "p", kind: "pagerduty", routingKey: { env: "KEY" } },
    ],
    people: ["ann", "bob", "cid"].map((name, i) => ({ name, contacts: contacts[i] })),
    onCall: { schedules: schedules.map((one, i) => ({ ...one, name: `s${i}` })), policies: [{ name: "p0", steps }] },
    alerts: { routes, off, throttle },
  }))
  .filter(({ onCall }) =>
    onCall.schedules.every((schedule) =>
      [...schedule.layers, ...(schedule.shadows ?? [])].every(
        ({ from = "", until }) => until === undefined || from < until,
      ),
    ),
  );

const yamlOf = (written: unknown) => stringify(written, { aliasDuplicateObjects: false });

test("any file about alarms and people survives being written as YAML and read again", () => {
  fc.assert(
    fc.property(file, (written) => {
      const { input, problems } = parseConfig(yamlOf(written), "f.yaml");
      expect(problems).toEqual([]);
      expect(input).toEqual(configSchema.parse(written));
    }),
    { numRuns: 100 },
  );
});

test("whatever is valid can be worked with: every schedule is readable and every name is known", async () => {
  const allowed = ["person-without-contact", "person-alone", "schedule-gap", "policy-ends-at-nobody"];
  await fc.assert(
    fc.asyncProperty(file, async (written) => {
      const { respond, channels } = await goodRespond(yamlOf(written));
      const found = checkOnCall(respond, respond.policies, { now: Date.parse("2026-03-20T00:00Z"), days: 14 });
      expect(found.filter(({ reason }) => !allowed.includes(reason))).toEqual([]);
      const contacts = [
        ...respond.people.flatMap((one) => one.contacts),
        ...respond.routes.flatMap(({ tell }) => tell),
      ];
      for (const { channel, address } of contacts) {
        expect(channels.map(({ name }) => name)).toContain(channel);
        expect(address === "").toBe(channel === "p");
      }
    }),
    { numRuns: 50 },
  );
});

test("reading a file twice shows no change", async () => {
  await fc.assert(
    fc.asyncProperty(file, async (written) => {
      const [before, after] = [await goodRespond(yamlOf(written)), await loadRespond(yamlOf(written))];
      expect(after.config && diffConfig(before, after.config)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
