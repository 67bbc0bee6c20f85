/** The parts of an HAProxy configuration that say who is reached where. Line numbers count from 1. */
export interface HaproxySection {
  kind: "frontend" | "backend" | "listen";
  name: string;
  line: number;
  binds: string[];
  servers: HaproxyServer[];
  defaultBackend: string | undefined;
  otherBackends: string[];
  /** Keywords that have no counterpart, each once. */
  ignored: Set<string>;
}

export interface HaproxyServer {
  name: string;
  address: string;
  isBackup: boolean;
  isDisabled: boolean;
  isTls: boolean;
  line: number;
}

/** Reads the sections of an HAProxy file (its configuration manual, chapters 2 and 4). Unknown lines never fail. */
export function readHaproxySections(text: string): HaproxySection[] {
  const sections: HaproxySection[] = [];
  let here: HaproxySection | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const [keyword, ...rest] = words(raw);
    if (keyword === undefined) return;
    const line = index + 1;
    if (
      /^(global|defaults|userlist|peers|resolvers|mailers|cache|program|ring|http-errors|fcgi-app|log-forward|crt-store|traces|acme)$/.test(
        keyword,
      ) &&
      !/^\s/.test(raw)
    ) {
      here = undefined;
    } else if (keyword === "frontend" || keyword === "backend" || keyword === "listen") {
      here = {
        kind: keyword,
        name: rest[0] ?? keyword,
        line,
        binds: [],
        servers: [],
        defaultBackend: undefined,
        otherBackends: [],
        ignored: new Set(),
      };
      sections.push(here);
    } else if (here) {
      readLine(here, keyword, rest, line);
    }
  });
  return sections;
}

function readLine(section: HaproxySection, keyword: string, rest: readonly string[], line: number): void {
  const [first, second, ...options] = rest;
  switch (keyword) {
    case "bind":
      section.binds.push(...(first ?? "").split(",").filter((address) => address !== ""));
      return;
    case "default_backend":
      section.defaultBackend = first;
      return;
    case "use_backend":
      if (first !== undefined) section.otherBackends.push(first);
      return;
    case "server":
      if (first === undefined || second === undefined) return;
      section.servers.push({
        name: first,
        address: second,
        isBackup: options.includes("backup"),
        isDisabled: options.includes("disabled"),
        isTls: options.includes("ssl"),
        line,
      });
      return;
    default:
      section.ignored.add(keyword === "option" && first !== undefined ? `option ${first}` : keyword);
  }
}

/** Splits a line at spaces, honouring quotes and backslashes; what follows `#` is a comment. */
function words(line: string): string[] {
  const found = line.matchAll(/#.*$|((?:"(?:\\.|[^"])*"|'[^']*'|\\.|[^\s#"'\\])+)/g);
  return [...found].flatMap(([, word]) =>
    word === undefined ? [] : [word.replace(/["']/g, "").replace(/\\(.)/g, "$1")],
  );
}
