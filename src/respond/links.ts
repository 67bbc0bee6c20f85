import { createHmac, timingSafeEqual } from "node:crypto";
import type { LinkTarget } from "./draft.ts";

/** What a link in a message says, once its signature was checked. */
export interface OpenedLink {
  target: LinkTarget;
  person: string;
  /** Ms since 1970. */
  expiresAt: number;
}

/** A message that is found a week later acknowledges nothing any more. */
export const linkLifeMs = 7 * 86_400_000;

const kinds: Readonly<Record<string, LinkTarget["kind"]>> = { e: "episode", b: "bundle", t: "test" };

/** A token for one target and person, good until `expiresAt`; `key` is this installation's own. */
export function signLink(key: string, { target, person, expiresAt }: OpenedLink): string {
  const payload = Buffer.from(JSON.stringify([target.kind[0], target.id, person, expiresAt])).toString("base64url");
  return `${payload}.${signatureOf(key, payload)}`;
}

/** The link behind a token; `undefined`: it was not signed with this key, or is no token at all. Whether it has expired is the caller's to say. */
export function openLink(key: string, token: string): OpenedLink | undefined {
  const [payload = "", signature = "", ...rest] = token.split(".");
  const expected = Buffer.from(signatureOf(key, payload));
  const given = Buffer.from(signature);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const [kind, id, person, expiresAt] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [
    string,
    string,
    string,
    number,
  ];
  const known = kinds[kind];
  return known && { target: { kind: known, id }, person, expiresAt };
}

function signatureOf(key: string, payload: string): string {
  return createHmac("sha256", key).update(payload).digest("base64url");
}
