export interface ListenAddress {
  host: string;
  /** 0 lets the system choose a free port. */
  port: number;
}

const hostName = /^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;
const ipv4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** Reads `127.0.0.1:7381`, `[::1]:7381` or `localhost:7381`; `undefined` for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const [, ipv6, name, digits] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  if (ipv6 !== undefined) return URL.canParse(`http://[${ipv6}]/`) ? { host: ipv6.toLowerCase(), port } : undefined;
  const host = name ?? "";
  // Four numbers must be an address: "127.0.0.300" is a typing error, not a host name.
  if (/^[\d.]+$/.test(host)) return ipv4.test(host) ? { host, port } : undefined;
  return hostName.test(host) ? { host: host.toLowerCase(), port } : undefined;
}

export function formatListenAddress(address: ListenAddress): string {
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** As a client writes it. */
export function listenUrl({ isTls = false, ...address }: ListenAddress & { isTls?: boolean }): string {
  return `${isTls ? "https" : "http"}://${formatListenAddress(address)}`;
}

const wildcards = new Set(["0.0.0.0", "::"]);

/** Can both be bound at once? Names are compared as written; a wildcard covers every address of its port. */
export function listenAddressesOverlap(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port === 0 || a.port !== b.port) return false;
  return canonicalHost(a.host) === canonicalHost(b.host) || wildcards.has(a.host) || wildcards.has(b.host);
}

function canonicalHost(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

/** Does a URL of this machine lead to what listens there? Only addresses that are certainly ours are told. */
export function listensAt(address: ListenAddress, url: URL): boolean {
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (address.port === 0 || port !== address.port) return false;
  const host = canonicalHost(url.hostname.replace(/^\[|\]$/g, "").toLowerCase());
  if (host === canonicalHost(address.host)) return true;
  return wildcards.has(address.host) && (host === "::1" || /^127\./.test(host));
}
