/**
 * Segments of unreserved characters and the few others that ids may hold; no escape, no empty segment, and no `;`, which
 * Java servers take for the begin of a parameter and cut off.
 */
const plain = /^(?:\/[A-Za-z0-9_~!$&'()*+,=:@.-]+)+\/?$/;
const dots = /\/\.{1,2}(?:\/|$)/;

/**
 * Is the path (without its query) what it would be when decoded and normalised (RFC 3986, 6.2.2)? Not so: an escape, a
 * double slash, a backslash, a dot segment, an absolute URL.
 */
export function isPlainPath(path: string): boolean {
  if (path === "/") return true;
  return plain.test(path) && !(path.includes("/.") && dots.test(path));
}

/**
 * The path and query of a target in absolute form (RFC 9112, 3.2.2), where it names the very host of the request;
 * `undefined` for any other: a request for another host is not the gateway's to answer.
 */
export function originForm(target: string, host: string | undefined): string | undefined {
  const [, authority, rest = ""] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? [];
  if (authority === undefined || authority.toLowerCase() !== host?.toLowerCase()) return undefined;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** May a route that the table does not know be passed on? Debug and client-specific routes need a setting. */
export function isPassAllowed(path: string, allow: { allowDebugRoutes: boolean; allowClientRoutes: boolean }): boolean {
  const [, root = "", version = "", area = ""] = path.toLowerCase().split("/", 4);
  if (root !== "eth" || !/^v[0-9]+$/.test(version)) return allow.allowClientRoutes;
  if (area === "debug") return allow.allowDebugRoutes;
  return standardAreas.has(area) || allow.allowClientRoutes;
}

const standardAreas: ReadonlySet<string> = new Set(["beacon", "builder", "config", "events", "node", "validator"]);
