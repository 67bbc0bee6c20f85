import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets in a time that depends on neither: both are hashed first, so that lengths do not show either. */
export function secretEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The token of an `Authorization: Bearer …` header (RFC 6750), or undefined where there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
}
