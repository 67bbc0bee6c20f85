import { AppError } from "../lib/app-error.ts";
import type { Subject, SubjectKind } from "./evidence.ts";

/** Something to ask over HTTP. `url` and `headers` may hold a secret and are never printed; `subject` is. */
export interface Target {
  subject: Subject;
  /** Without credentials and trailing slash. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface Targets {
  nodes: readonly Target[];
  references: readonly Target[];
  validatorClients: readonly Target[];
  hosts: readonly Target[];
  /** What was left out, in words. */
  notes: readonly string[];
}

export interface TargetTexts {
  nodes: readonly string[];
  references: readonly string[];
  validatorClients: readonly string[];
  hosts: readonly string[];
}

/** Reads the URLs of the command line. One that is named twice is asked once: it must not count as two voices. */
export function parseTargets(texts: TargetTexts): Targets {
  const notes: string[] = [];
  const nodes = unique(
    texts.nodes.map((text) => parseTarget(text, "node", notes)),
    notes,
  );
  const own = new Set(nodes.map(({ url }) => url));
  const references = unique(
    texts.references.map((text) => parseTarget(text, "reference", notes)),
    notes,
  ).filter((reference) => {
    if (!own.has(reference.url)) return true;
    notes.push(`${reference.subject.name} is one of your nodes: as a reference it proves nothing and was left out`);
    return false;
  });
  return {
    nodes,
    references,
    validatorClients: unique(
      texts.validatorClients.map((text) => parseTarget(text, "validator-client", notes)),
      notes,
    ),
    hosts: unique(
      texts.hosts.map((text) => parseTarget(text, "host", notes)),
      notes,
    ),
    notes,
  };
}

function unique(targets: readonly Target[], notes: string[]): Target[] {
  const seen = new Map<string, Target>();
  for (const target of targets) {
    if (seen.has(target.url)) notes.push(`${target.subject.name} was named twice and asked once`);
    else seen.set(target.url, target);
  }
  const kept = [...seen.values()];
  // Several nodes may share a host and differ by path: then the path belongs to the name.
  const isShared = (name: string) => kept.filter(({ subject }) => subject.name === name).length > 1;
  return kept.map((target) =>
    isShared(target.subject.name) && target.subject.url !== undefined
      ? { ...target, subject: { ...target.subject, name: target.subject.url.replace(/^https?:\/\//, "") } }
      : target,
  );
}

function parseTarget(
  text: string,
  kind: SubjectKind & ("node" | "reference" | "validator-client" | "host"),
  notes: string[],
): Target {
  const url = parseHttpUrl(text);
  const isMetrics = kind === "validator-client" || kind === "host";
  if (isMetrics && url.pathname === "/") url.pathname = "/metrics";
  const headers: Record<string, string> = {};
  if (url.username !== "" || url.password !== "") {
    const credentials = `${decode(url.username)}:${decode(url.password)}`;
    headers["authorization"] = `Basic ${Buffer.from(credentials).toString("base64")}`;
    url.username = "";
    url.password = "";
  }
  url.hash = "";
  if (!isMetrics && url.search !== "") {
    notes.push(`what follows ? in the URL of ${url.host} was left out: a key belongs into the path or before an @`);
    url.search = "";
  }
  const plain = url.href.replace(/\/+$/, "");
  return { subject: { kind, name: url.host, url: maskUrl(plain) }, url: plain, headers };
}

function parseHttpUrl(text: string): URL {
  const isHttp = /^https?:\/\//i.test(text);
  const url = isHttp && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") {
    // What was written may hold a password: show it only as far as it is certainly none.
    const shown = text.includes("@") ? "the address" : JSON.stringify(text.slice(0, 100));
    throw new AppError(`read ${shown}: this is no URL; write it like http://localhost:5052`, { code: "bad-url" });
  }
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A URL that may be printed: hosted nodes carry their key as a long piece of the path or in the query. */
export function maskUrl(href: string): string {
  const url = new URL(href);
  const path = url.pathname.replace(/[^/]{20,}/g, "***").replace(/\/+$/, "");
  return `${url.protocol}//${url.host}${path}${url.search === "" ? "" : "?***"}`;
}
