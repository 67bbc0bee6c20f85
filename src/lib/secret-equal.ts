import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets in a time that depends on neither: both are hashed first, so that lengths do not show either. */
export function secretEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The password of an `Authorization: Basic …` header (RFC 7617), or undefined where there is none; the name is not looked at. */
export function basicPassword(header: string | undefined): string | undefined {
  const encoded = /^basic +([a-z0-9+/]+=*)$/i.exec(header ?? "")?.[1];
  const pair = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8");
  const at = pair.indexOf(":");
  return at < 0 ? undefined : pair.slice(at + 1) || undefined;
}

/** The token of an `Authorization: Bearer …` header (RFC 6750), or undefined where there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
}
