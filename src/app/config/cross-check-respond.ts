import { defaultRules } from "../../alerts/default-rules.ts";
import { ruleKeyOf } from "../../alerts/rule.ts";
import { addressProblem } from "./address-problem.ts";
import type { ConfigPath, Finding } from "./problem.ts";
import { found, listAt, repeats, textsOf, unknownNames, type Entry } from "./written-values.ts";
import { valueAt } from "./zod-findings.ts";

/** What no single value of the sections about alarms and people shows: names of things that are not there. */
export function crossCheckRespond(data: unknown): Finding[] {
  return [
    ...contactFindings(data),
    ...channelPlaceFindings(data),
    ...scheduleFindings(data),
    ...policyFindings(data),
    ...ruleFindings(data),
    ...maintenanceFindings(data),
  ];
}

function namesOf(data: unknown, list: ConfigPath): string[] {
  return textsOf(data, list, "name").map(({ text }) => text);
}

function wordsIn(data: unknown, list: ConfigPath): Entry[] {
  return listAt(data, list).flatMap(({ path, value }): Entry[] =>
    typeof value === "string" ? [{ path, text: value }] : [],
  );
}

/** Every list of contacts in the file. */
function contactLists(data: unknown): ConfigPath[] {
  return [
    ...listAt(data, ["people"]).map(({ path }) => [...path, "contacts"]),
    ...listAt(data, ["alerts", "routes"]).map(({ path }) => [...path, "tell"]),
    ["alerts", "fallbacks"],
  ];
}

function contactFindings(data: unknown): Finding[] {
  const channels = listAt(data, ["channels"]).map(({ value }) => value);
  const names = namesOf(data, ["channels"]);
  return contactLists(data).flatMap((list) => [
    ...unknownNames("channel", textsOf(data, list, "channel"), names),
    ...listAt(data, list).flatMap(({ path, value }) => {
      const channel = channels.find((each) => valueAt(each, ["name"]) === valueAt(value, ["channel"]));
      return channel === undefined ? [] : addressFindings(path, valueAt(value, ["address"]), channel);
    }),
  ]);
}

function addressFindings(path: ConfigPath, address: unknown, channel: unknown): Finding[] {
  const [name, kind] = [String(valueAt(channel, ["name"])), String(valueAt(channel, ["kind"]))];
  if (kind === "pagerduty" || kind === "webhook") {
    if (address === undefined) return [];
    const message = `the channel ${name} has no addresses: all that is sent to it goes to one place`;
    return [found([...path, "address"], "bad-address", message, "Remove address.")];
  }
  if (address !== undefined) return placeFindings([...path, "address"], address, kind);
  if (valueAt(channel, ["address"]) !== undefined) return [];
  return [found(path, "missing-key", 'the key "address" is missing', `Add address:, or give the channel ${name} one.`)];
}

function placeFindings(path: ConfigPath, address: unknown, kind: string): Finding[] {
  if (typeof address !== "string" && typeof address !== "number") return [];
  const problem = addressProblem(kind, String(address));
  return problem ? [found(path, "bad-address", problem.message, problem.fix)] : [];
}

function channelPlaceFindings(data: unknown): Finding[] {
  return listAt(data, ["channels"]).flatMap(({ path, value }) => {
    return placeFindings([...path, "address"], valueAt(value, ["address"]), String(valueAt(value, ["kind"])));
  });
}

function scheduleFindings(data: unknown): Finding[] {
  const people = namesOf(data, ["people"]);
  const layers = listAt(data, ["onCall", "schedules"]).flatMap(({ path }) =>
    ["layers", "shadows"].flatMap((key) => listAt(data, [...path, key])),
  );
  return layers.flatMap(({ path, value }) => {
    const [from, until] = [valueAt(value, ["from"]), valueAt(value, ["until"])];
    const isOver = typeof from === "string" && typeof until === "string" && until <= from;
    return [
      ...unknownNames("person", wordsIn(data, [...path, "people"]), people),
      ...(isOver ? [found([...path, "until"], "conflict", "ends before it begins", "Correct from or until.")] : []),
    ];
  });
}

function policyFindings(data: unknown): Finding[] {
  const people = namesOf(data, ["people"]);
  const schedules = namesOf(data, ["onCall", "schedules"]);
  const targets = listAt(data, ["onCall", "policies"])
    .flatMap(({ path }) => listAt(data, [...path, "steps"]))
    .map(({ path }) => [...path, "notify"]);
  return [
    ...targets.flatMap((list) => [
      ...unknownNames("schedule", textsOf(data, list, "schedule"), schedules),
      ...unknownNames("person", textsOf(data, list, "person"), people),
    ]),
    ...unknownNames("policy", textsOf(data, ["alerts", "routes"], "policy"), namesOf(data, ["onCall", "policies"])),
  ];
}

function ruleFindings(data: unknown): Finding[] {
  const off = wordsIn(data, ["alerts", "off"]);
  const twice = [...repeats(off, (name) => name), ...repeats(wordsIn(data, ["alerts", "ruleFiles"]), (name) => name)];
  const own = listAt(data, ["alerts", "rules", "groups"]).flatMap(({ path }) => listAt(data, [...path, "rules"]));
  return [
    ...unknownNames("shipped rule", off, [...new Set(defaultRules.map(({ alert }) => alert))]),
    ...twice.map(({ entry }) =>
      found(entry.path, "duplicate-member", `"${entry.text}" is already listed`, "Remove it."),
    ),
    ...own.flatMap(({ path, value }) => {
      const clash = clashWithShipped(
        value,
        off.map(({ text }) => text),
      );
      return clash ? [found([...path, "alert"], "duplicate-name", clash.message, clash.fix)] : [];
    }),
  ];
}

/** A rule of one's own may replace one that ships, but only by name: two that cannot be told apart are one too many. */
export function clashWithShipped(rule: unknown, off: readonly string[]): { message: string; fix: string } | undefined {
  const [alert, labels] = [valueAt(rule, ["alert"]), valueAt(rule, ["labels"])];
  if (typeof alert !== "string" || off.includes(alert) || typeof labels !== "object" || labels === null)
    return undefined;
  const texts = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const key = ruleKeyOf({ alert, labels: Object.fromEntries(texts) });
  if (!defaultRules.some((shipped) => ruleKeyOf(shipped) === key)) return undefined;
  return {
    message: `a rule ${alert} with the same labels ships with Slotkeeper`,
    fix: `To replace it, add ${alert} to alerts.off; else give this one another name or label.`,
  };
}

function maintenanceFindings(data: unknown): Finding[] {
  const groups = namesOf(data, ["groups"]);
  const hosts = [...namesOf(data, ["hosts"]), ...textsOf(data, ["nodes"], "host").map(({ text }) => text)];
  return listAt(data, ["alerts", "maintenance"]).flatMap(({ path }) => [
    ...unknownNames("node", wordsIn(data, [...path, "nodes"]), namesOf(data, ["nodes"])),
    ...unknownNames("group", wordsIn(data, [...path, "groups"]), groups.length > 0 ? groups : ["default"]),
    ...unknownNames("host", wordsIn(data, [...path, "hosts"]), [...new Set(hosts)]),
  ]);
}
