import { redactUrl } from "./redact-url.ts";

/** What is wrong with a value, and what to write instead. */
export interface ValueProblem {
  code: "bad-url" | "url-with-credentials";
  message: string;
  fix: string;
}

/**
 * Says what is wrong with the base URL of a beacon node, or `undefined`. Base URLs hold scheme, host, port and perhaps a
 * path prefix; everything else would be lost or leaked when a route is appended to it.
 */
export function checkBaseUrl(text: string): ValueProblem | undefined {
  const bad = (message: string, fix: string): ValueProblem => ({ code: "bad-url", message, fix });
  const shown = redactUrl(text);
  if (/\s/.test(text)) return bad(`"${shown}" holds a space`, "Write the URL without spaces.");
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const guess = `http://${text.replace(/^\/+|^[a-z]+:\/(?!\/)/i, "")}`;
    const fix = URL.canParse(guess) ? `Write ${redactUrl(guess)}.` : "Write http://HOST:PORT.";
    return bad(`"${shown}" does not start with http:// or https://`, fix);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return bad(`"${shown}" is not a URL`, "Write http://HOST:PORT, for example http://127.0.0.1:5052.");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return bad(
      `"${shown}" does not start with http:// or https://`,
      `Write http:// or https:// instead of ${url.protocol}//.`,
    );
  if (url.username !== "" || url.password !== "")
    return {
      code: "url-with-credentials",
      message: `"${shown}" holds a user name or password, which would show in logs`,
      fix: 'Take it out of the URL and write headers: { Authorization: { env: NAME } }; the variable holds "Basic …" or "Bearer …".',
    };
  if (url.search !== "" || url.hash !== "")
    return bad(`"${shown}" holds a query or fragment`, "Write only scheme, host, port and path prefix.");
  if (/\/eth(\/v\d+(\/.*)?)?\/?$/.test(url.pathname))
    return bad(
      `"${shown}" holds a part of the Beacon API's own path`,
      `Write ${withoutApiPath(url)}: routes are appended to it.`,
    );
  return undefined;
}

function withoutApiPath(url: URL): string {
  return redactUrl(url.origin + url.pathname.replace(/\/eth(\/v\d+(\/.*)?)?\/?$/, ""));
}

/** One spelling for one URL: lower-case host, no default port, no trailing slash. `text` must have passed `checkBaseUrl`. */
export function normalizeBaseUrl(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
