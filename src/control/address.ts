import { AppError } from "../lib/app-error.ts";

/** Where a gateway's control server listens: a unix socket (mode 0600), or TCP with a token for split hosts. */
export type ControlAddress =
  | { kind: "socket"; path: string }
  | {
      kind: "tcp";
      url: string;
      token: string | undefined;
      tls?: ControlTrust;
    };

/** PEM texts by which a client knows a gateway, and is known by it. */
export interface ControlTrust {
  /** Authorities, one of which signed the gateway's certificate; absent: those that the system trusts. */
  ca?: string;
  /** For a gateway that asks its clients for a certificate. */
  cert?: string;
  key?: string;
}

/** Longest path that fits `sockaddr_un.sun_path` on Linux, terminating zero left out. */
export const maxSocketPathBytes = 107;

/** Throws `AppError` where a path cannot be bound: the kernel would cut it off without a word. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > maxSocketPathBytes)
    throw new AppError(
      `use control socket ${path}: its path has ${bytes} bytes and a unix socket allows ${maxSocketPathBytes}. Choose a shorter data folder or control path.`,
      { code: "control-path-too-long" },
    );
}

/** Short text for logs and messages. Never holds the token. */
export function describeAddress(address: ControlAddress): string {
  return address.kind === "socket" ? address.path : address.url;
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/** True for hosts that only this machine can reach; all of 127.0.0.0/8 is loopback. */
export function isLoopbackHost(host: string): boolean {
  return loopbackHosts.has(host.toLowerCase()) || /^127(\.\d{1,3}){3}$/.test(host);
}
