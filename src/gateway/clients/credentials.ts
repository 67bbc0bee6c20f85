import { hash, timingSafeEqual } from "node:crypto";

/** The token in an `Authorization` header: of `Bearer` (RFC 6750), or the password of `Basic` (RFC 7617). */
export function tokenOf(authorization: string): string | undefined {
  const [, scheme = "", value = ""] = /^([A-Za-z]+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return undefined;
  // A URL such as http://TOKEN@host gives a user without a password.
  return colon === text.length - 1 ? text.slice(0, colon) : text.slice(colon + 1);
}

/** Finds the owner of a token in a time that depends neither on the token nor on how many owners there are before it. */
export function compileTokens<T>(
  entries: readonly (readonly [token: string, owner: T])[],
): (t: string) => T | undefined {
  const digest = (text: string) => hash("sha256", text, "buffer");
  const known = entries.map(([token, owner]) => ({ digest: digest(token), owner }));
  return (token) => {
    const given = digest(token);
    let found: T | undefined;
    for (const one of known) if (timingSafeEqual(one.digest, given)) found = one.owner;
    return found;
  };
}
