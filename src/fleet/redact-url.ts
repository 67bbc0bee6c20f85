/** A path part that looks like an access key: long, with digits, and nothing that the Beacon API itself uses. */
const opaque = /^(?=.*\d)[A-Za-z0-9_-]{20,}$/;

/**
 * The URL as it may be shown in logs, pages and messages: user, password, query and fragment become `***`, and so do
 * path parts that look like keys (hosted nodes put them there). Text that is no URL loses everything before an `@`.
 */
export function redactUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.host === "")
    return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^@/]*@/i, "$1***@").replace(/[?#].*$/s, "?***");
  const user = url.username !== "" || url.password !== "" ? "***@" : "";
  const path = url.pathname
    .split("/")
    .map((part) => (opaque.test(part) ? "***" : part))
    .join("/");
  const rest = url.search !== "" || url.hash !== "" ? "?***" : "";
  const shownPath = path === "/" && !/\/$/.test(text) && rest === "" ? "" : path;
  return `${url.protocol}//${user}${url.host}${shownPath}${rest}`;
}
