import { checkBaseUrl, normalizeBaseUrl } from "../../fleet/url-check.ts";
import { redactUrl } from "../../fleet/redact-url.ts";

/** What a new configuration is written from. Only what was found is filled in. */
export interface ConfigDraft {
  nodes: DraftNode[];
  groups: DraftGroup[];
  /** What a person should know or check; they go into the file as comments and onto the screen. */
  notes: string[];
}

export interface DraftNode {
  name: string;
  url: string;
  /** Header name to the environment variable that is to hold its value. */
  secretHeaders: Record<string, string>;
}

export interface DraftGroup {
  name: string;
  listen: string;
  members: { node: string; isBackup: boolean }[];
}

export function emptyDraft(): ConfigDraft {
  return { nodes: [], groups: [], notes: [] };
}

/**
 * Adds the node of a URL as tools write them (scheme left out, password inside, roles as fragment), once per URL, and
 * returns its name; `undefined` with a note where no base URL can be made of it.
 */
export function addNode(draft: ConfigDraft, written: string, wantedName?: string): string | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || url.host === "" || /[$%{}]/.test(url.host + url.pathname)) {
    draft.notes.push(`"${redactUrl(written)}" is not a URL that can be read here; add its node by hand.`);
    return undefined;
  }
  const hasLogin = url.username !== "" || url.password !== "";
  if (url.search !== "" || url.hash !== "")
    draft.notes.push(`What follows ? or # in ${redactUrl(written)} was left out; write keys as headers.`);
  [url.username, url.password, url.search, url.hash] = ["", "", "", ""];
  const problem = checkBaseUrl(url.href);
  if (problem) {
    draft.notes.push(`${redactUrl(written)} was left out: ${problem.message}. ${problem.fix}`);
    return undefined;
  }
  const base = normalizeBaseUrl(url.href);
  const known = draft.nodes.find((node) => node.url === base);
  if (known) return known.name;
  const name = freeName(wantedName ?? `bn${draft.nodes.length + 1}`, draft.nodes);
  const secretHeaders: Record<string, string> = {};
  if (hasLogin) {
    const variable = `${name
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, "_")
      .replace(/^(\d)/, "_$1")}_AUTHORIZATION`;
    secretHeaders["Authorization"] = variable;
    draft.notes.push(
      `The password in the URL of ${name} was left out. Set ${variable} to "Basic " and the base64 of USER:PASSWORD.`,
    );
  }
  draft.nodes.push({ name, url: base, secretHeaders });
  return name;
}

/** The wanted name, made valid, with a number where it is taken. */
export function freeName(wanted: string, taken: readonly { name: string }[]): string {
  const valid =
    wanted
      .replace(/[^A-Za-z0-9._-]/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 55) || "bn";
  const isTaken = (name: string) => taken.some((entry) => entry.name.toLowerCase() === name.toLowerCase());
  if (!isTaken(valid)) return valid;
  for (let n = 2; ; n++) if (!isTaken(`${valid}-${n}`)) return `${valid}-${n}`;
}
