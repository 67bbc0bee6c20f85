import { inventoryLabels } from "../../fleet/groups.ts";
import {
  formatListenAddress,
  listenAddressesOverlap,
  listensAt,
  parseListenAddress,
  type ListenAddress,
} from "../../fleet/listen-address.ts";
import { checkBaseUrl, normalizeBaseUrl } from "../../fleet/url-check.ts";
import { crossCheckRespond } from "./cross-check-respond.ts";
import { formatPath, type ConfigPath, type Finding } from "./problem.ts";
import { found, listAt, repeats, textsOf, unknownNames, type Entry } from "./written-values.ts";
import { valueAt } from "./zod-findings.ts";

/**
 * What no single value shows: names, URLs and listeners used twice, unknown nodes, loops. It looks at the data as written
 * and skips what has the wrong shape, so that all problems are listed at once and not only the first kind.
 */
export function crossCheck(data: unknown): Finding[] {
  return [
    ...namedLists.flatMap((list) => duplicateNames(data, list.split("."))),
    ...duplicateBlocks(data),
    ...duplicateUrls(data),
    ...memberFindings(data),
    ...listenFindings(data),
    ...labelFindings(data),
    ...duplicateFeeRecipients(data),
    ...dutyNodeFindings(data),
    ...logNodeFindings(data),
    ...prometheusFindings(data),
    ...crossCheckRespond(data),
  ];
}

const namedLists = [
  ...["nodes", "groups", "references", "validators", "customers", "hosts", "providers", "logs", "relays"],
  ...["monitor.gateways", "gateway.clients", "channels", "people", "onCall.schedules", "onCall.policies"],
  ...["alerts.inhibit", "alerts.maintenance"],
];

function duplicateNames(data: unknown, list: ConfigPath): Finding[] {
  return repeats(textsOf(data, list, "name"), (name) => name.toLowerCase()).map(({ entry, first }) =>
    found(
      entry.path,
      "duplicate-name",
      `the name "${entry.text}" is already used by ${formatPath(first.path.slice(0, -1))}`,
      "Give it another name.",
    ),
  );
}

function duplicateUrls(data: unknown): Finding[] {
  const usable = [...textsOf(data, ["nodes"], "url"), ...textsOf(data, ["references"], "url")].filter(
    ({ text }) => checkBaseUrl(text) === undefined,
  );
  return repeats(usable, normalizeBaseUrl).map(({ entry, first }) =>
    found(
      entry.path,
      "duplicate-url",
      `this URL is already used by ${formatPath(first.path.slice(0, -1))}`,
      "Remove one of the two, or correct the URL.",
    ),
  );
}

function memberFindings(data: unknown): Finding[] {
  const names = textsOf(data, ["nodes"], "name").map(({ text }) => text);
  return listAt(data, ["groups"]).flatMap((group) => {
    const members = listAt(data, [...group.path, "nodes"]).flatMap(({ path, value }): Entry[] => {
      if (typeof value === "string") return [{ path, text: value }];
      const node = valueAt(value, ["node"]);
      return typeof node === "string" ? [{ path: [...path, "node"], text: node }] : [];
    });
    return [
      ...unknownNames("node", members, names),
      ...repeats(members, (name) => name).map(({ entry }) =>
        found(entry.path, "duplicate-member", `the node "${entry.text}" is already in this group`, "Remove it."),
      ),
    ];
  });
}

function dutyNodeFindings(data: unknown): Finding[] {
  const names = textsOf(data, ["nodes"], "name").map(({ text }) => text);
  const entries = listAt(data, ["duties", "nodes"]).flatMap(({ path, value }): Entry[] =>
    typeof value === "string" ? [{ path, text: value }] : [],
  );
  return [
    ...unknownNames("node", entries, names),
    ...repeats(entries, (name) => name).map(({ entry }) =>
      found(entry.path, "duplicate-member", `the node "${entry.text}" is already listed`, "Remove it."),
    ),
  ];
}

/** A log whose node is misspelt would never speak for it. */
function logNodeFindings(data: unknown): Finding[] {
  const names = textsOf(data, ["nodes"], "name").map(({ text }) => text);
  return unknownNames("node", textsOf(data, ["logs"], "node"), names);
}

function prometheusFindings(data: unknown): Finding[] {
  if (valueAt(data, ["prometheus"]) !== undefined) return [];
  const asking = listAt(data, ["hosts"]).find(({ path }) => listAt(data, [...path, "prometheus"]).length > 0);
  if (!asking) return [];
  const path = [...asking.path, "prometheus"];
  return [
    found(path, "missing-key", "names targets of a Prometheus, and none is configured", "Add prometheus: { url: … }."),
  ];
}

interface Listener {
  path: ConfigPath;
  address: ListenAddress;
  isWritten: boolean;
}

/** Every address that this file makes Slotkeeper listen on, defaults included. */
function listeners(data: unknown): Listener[] {
  const groups = listAt(data, ["groups"]);
  const paths: { path: ConfigPath; fallback?: string }[] = [
    { path: ["server", "listen"], fallback: "127.0.0.1:7380" },
    ...groups.map(({ path }) => ({ path: [...path, "listen"], fallback: "127.0.0.1:7381" })),
    { path: ["gateway", "control", "listen"] },
    { path: ["gateway", "metricsListen"], fallback: "127.0.0.1:7379" },
  ];
  if (groups.length === 0) paths.push({ path: ["groups"], fallback: "127.0.0.1:7381" });
  return paths.flatMap(({ path, fallback }) => {
    const written = valueAt(data, path);
    const text =
      typeof written === "string" ? written : written === undefined || groups.length === 0 ? fallback : undefined;
    const address = text === undefined ? undefined : parseListenAddress(text);
    return address ? [{ path, address, isWritten: typeof written === "string" }] : [];
  });
}

function listenFindings(data: unknown): Finding[] {
  const all = listeners(data);
  const clashes = all.flatMap((listener, i) => {
    const other = all.slice(0, i).find((earlier) => listenAddressesOverlap(earlier.address, listener.address));
    if (!other) return [];
    // Point at what the operator wrote: a default cannot be corrected where it does not stand.
    const [at, against] = listener.isWritten || !other.isWritten ? [listener, other] : [other, listener];
    const shown = formatListenAddress(at.address);
    const by = `${formatPath(against.path)}${against.isWritten ? "" : ` (default ${formatListenAddress(against.address)})`}`;
    const fix = "Give one of them another port.";
    return [
      found(
        at.path,
        "duplicate-listen",
        `${shown} is already used by ${by}`,
        at.isWritten
          ? fix
          : `Write ${at.path.at(-1) === "metricsListen" ? "metricsListen" : "listen"}: with another port.`,
      ),
    ];
  });
  const loops = textsOf(data, ["nodes"], "url").flatMap(({ path, text }) => {
    const own =
      checkBaseUrl(text) === undefined ? all.find(({ address }) => listensAt(address, new URL(text))) : undefined;
    if (!own) return [];
    return [
      found(
        path,
        "loop",
        `this URL is where Slotkeeper itself listens (${formatPath(own.path)})`,
        "Write the beacon node's own URL.",
      ),
    ];
  });
  return [...clashes, ...loops];
}

function labelFindings(data: unknown): Finding[] {
  return listAt(data, ["nodes"]).flatMap(({ path, value }) => {
    const labels = valueAt(value, ["labels"]);
    if (typeof labels !== "object" || labels === null) return [];
    return Object.keys(labels)
      .filter((label) => (inventoryLabels as readonly string[]).includes(label))
      .map((label) => ({
        ...found(
          [...path, "labels", label],
          "reserved-label",
          `the label "${label}" is filled by Slotkeeper`,
          `Write ${label === "node" ? "name" : label}: beside url instead.`,
        ),
        isAboutKey: true,
      }));
  });
}

function duplicateBlocks(data: unknown): Finding[] {
  const entries = listAt(data, ["gateway", "clients"]).flatMap((client) =>
    listAt(data, [...client.path, "addresses"]).flatMap(({ path, value }): Entry[] =>
      typeof value === "string" ? [{ path, text: value.trim() }] : [],
    ),
  );
  return repeats(entries, (text) => text.toLowerCase()).map(({ entry, first }) =>
    found(
      entry.path,
      "duplicate-member",
      `the address "${entry.text}" is already listed at ${formatPath(first.path)}`,
      "Keep it with the client that it belongs to.",
    ),
  );
}

function duplicateFeeRecipients(data: unknown): Finding[] {
  const lists = [[], ...listAt(data, ["customers"]).map(({ path }) => path)].map((path) => [...path, "feeRecipients"]);
  return lists.flatMap((list) => {
    const entries = listAt(data, list).flatMap(({ path, value }) =>
      typeof value === "string" ? [{ path, text: value }] : [],
    );
    return repeats(entries, (text) => text.toLowerCase()).map(({ entry }) =>
      found(entry.path, "duplicate-member", `the address "${entry.text}" is already listed`, "Remove it."),
    );
  });
}
