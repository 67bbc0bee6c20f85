import { isIP } from "node:net";
import { bearerToken, secretEqual } from "../lib/secret-equal.ts";
import type { AccessReasonCode } from "./reasons.ts";

/** What of a request decides whether it may pass. */
export interface RequestFacts {
  host: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
  authorization: string | undefined;
  isMutating: boolean;
  /**
   * Only a token lets it pass, never a cookie. A page that rebinds DNS has none, so that any Host will do: senders reach this
   * server by names that it does not know of itself (a service of Compose or Kubernetes).
   */
  isForMachines?: boolean;
}

export interface AccessPolicy {
  token: string;
  /** True when the server listens beyond loopback: then reads need the token as well. */
  readsNeedToken: boolean;
  /** Lower-case host names and addresses, without ports, that this server is known by. */
  hosts: ReadonlySet<string>;
  /** Also any IP address, where it listens on all: DNS rebinding needs a name. */
  allowAnyAddress: boolean;
  /** Where people reach the pages, where that is beyond loopback: by it reads need to say who asks, behind a proxy too. */
  publicUrl?: URL;
}

/**
 * May this request pass? Host is checked, against DNS rebinding, but for machines; Origin and `Sec-Fetch-Site` on what changes
 * something, against other sites' pages; the token on what changes something, and on reads beyond loopback.
 */
export function judgeRequest(facts: RequestFacts, policy: AccessPolicy): AccessReasonCode {
  const host = hostName(facts.host);
  if (!facts.isForMachines && (host === undefined || !isKnownHost(host, policy))) return "host-unknown";
  if (facts.isMutating && isForeign(facts, policy)) return "origin-foreign";
  if (!facts.isMutating && !policy.readsNeedToken && !isPublic(host, policy)) return "allowed";
  const given = bearerToken(facts.authorization);
  if (given === undefined) return "token-missing";
  return secretEqual(given, policy.token) ? "allowed" : "token-wrong";
}

function isKnownHost(host: string, policy: AccessPolicy): boolean {
  const { hosts, allowAnyAddress } = policy;
  return hosts.has(host) || (allowAnyAddress && isIP(host) !== 0) || isPublic(host, policy);
}

function isPublic(host: string | undefined, { publicUrl }: AccessPolicy): boolean {
  return publicUrl !== undefined && hostName(publicUrl.host) === host;
}

/** Browsers send Origin with every POST; scripts and the command line send none, and need none. */
function isForeign({ host, origin, secFetchSite }: RequestFacts, { publicUrl }: AccessPolicy): boolean {
  if (secFetchSite !== undefined && secFetchSite !== "same-origin" && secFetchSite !== "none") return true;
  if (origin === undefined) return false;
  const parsed = URL.parse(origin);
  // A proxy may name the server by another Host than the page has.
  if (publicUrl !== undefined && parsed?.origin === publicUrl.origin) return false;
  return parsed === null || parsed.host !== host?.toLowerCase();
}

/** The name in a Host header, lower case, without port; `undefined` where it is none (RFC 9110, 7.2). */
export function hostName(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? "");
  return match?.[1]?.toLowerCase().replace(/^\[|\]$/g, "");
}

/** The names by which a server that listens on `listenHost` is known, with those that the operator adds. */
export function allowedHosts(listenHost: string, added: readonly string[] = []): ReadonlySet<string> {
  const names = ["localhost", "127.0.0.1", "::1", listenHost, ...added];
  return new Set(names.map((name) => name.toLowerCase().replace(/^\[|\]$/g, "")));
}
