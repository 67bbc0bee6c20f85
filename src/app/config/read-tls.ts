import { createPrivateKey, X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { Secret } from "../../fleet/secret.ts";
import type { ListenerTls } from "../../fleet/types.ts";
import type { GatewayTrust } from "../config.ts";
import type { ConfigPath } from "./problem.ts";
import { readFailure } from "../../lib/read-failure.ts";
import type { SecretSource } from "./secrets.ts";

/** Paths of a listener's certificate, as written. */
export interface TlsPaths {
  cert: string;
  key: string;
  clientCa?: string;
}

/**
 * Reads and tries the files, so that a bad certificate is a problem of the configuration: at the start nothing begins,
 * later the old one stays in force. `undefined` with findings where they cannot be used.
 */
export async function readTls(paths: TlsPaths, at: ConfigPath, source: SecretSource): Promise<ListenerTls | undefined> {
  const read = (key: keyof TlsPaths, file: string) => readPem(file, [...at, key], source);
  const [cert, key, clientCa] = await Promise.all([
    read("cert", paths.cert),
    read("key", paths.key),
    paths.clientCa === undefined ? undefined : read("clientCa", paths.clientCa),
  ]);
  if (!cert || !key || (paths.clientCa !== undefined && !clientCa)) return undefined;
  const problem = problemOf(cert.reveal(), key.reveal(), clientCa?.reveal());
  if (problem === undefined) return { cert, key, ...(clientCa && { clientCa }) };
  const { about, message, fix } = problem;
  source.findings.push({ path: [...at, about], code: "bad-tls", message, fix });
  return undefined;
}

/** Paths by which the monitor knows a gateway, and is known by it, as written. */
export interface TrustPaths {
  ca?: string;
  cert?: string;
  key?: string;
}

/** The same for the client's end. What cannot be used is left out, with findings. */
export async function readTrust(
  { ca, cert, key }: TrustPaths,
  at: ConfigPath,
  source: SecretSource,
): Promise<GatewayTrust> {
  const own = cert !== undefined && key !== undefined ? await readTls({ cert, key }, at, source) : undefined;
  const authority = ca === undefined ? undefined : await readPem(ca, [...at, "ca"], source);
  if (authority && !attempt(() => new X509Certificate(authority.reveal())))
    source.findings.push({ path: [...at, "ca"], code: "bad-tls", ...noCertificate });
  return { ...(authority && { ca: authority }), ...(own && { cert: own.cert, key: own.key }) };
}

async function readPem(file: string, path: ConfigPath, source: SecretSource): Promise<Secret | undefined> {
  const absolute = resolve(source.folder, file);
  source.files.push(absolute);
  try {
    return new Secret(await source.readFile(absolute), `file ${absolute}`);
  } catch (error) {
    const message = `the file ${absolute} cannot be read: ${readFailure(error)}`;
    const fix = "Check its path, and that the Slotkeeper user may read it.";
    source.findings.push({ path, code: "missing-file", message, fix });
    return undefined;
  }
}

const noCertificate = {
  message: "the file holds no certificate in PEM form",
  fix: "Write the path of a PEM file: -----BEGIN CERTIFICATE-----, the chain after the certificate.",
};

type TlsProblem = { about: keyof TlsPaths; message: string; fix: string };

function problemOf(cert: string, key: string, clientCa: string | undefined): TlsProblem | undefined {
  const certificate = attempt(() => new X509Certificate(cert));
  if (!certificate) return { about: "cert", ...noCertificate };
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey)
    return key.includes("ENCRYPTED")
      ? {
          about: "key",
          message: "the key is encrypted",
          fix: "Decrypt it, for example: openssl pkey -in KEY -out KEY.plain",
        }
      : {
          about: "key",
          message: "the file holds no private key in PEM form",
          fix: "Write the path of the key's PEM file.",
        };
  if (!certificate.checkPrivateKey(privateKey))
    return {
      about: "key",
      message: "the key does not belong to the certificate",
      fix: "Write the two of one pair; the certificate comes first in a file with a chain.",
    };
  if (clientCa !== undefined && !attempt(() => new X509Certificate(clientCa)))
    return { about: "clientCa", ...noCertificate };
  const ca = clientCa === undefined ? {} : { ca: clientCa };
  if (!attempt(() => createSecureContext({ cert, key, minVersion: "TLSv1.2", ...ca })))
    return {
      about: "cert",
      message: "OpenSSL refuses certificate and key",
      fix: "Use an RSA key of 2048 bits or more, or an EC key.",
    };
  return undefined;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
