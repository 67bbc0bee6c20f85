import { X509Certificate } from "node:crypto";
import type { SecureContextOptions, TlsOptions } from "node:tls";

/** PEM texts of one listener. */
export interface TlsTexts {
  /** The certificate, and the chain after it. */
  cert: string;
  key: string;
  /** Authorities whose client certificates are accepted; absent: clients need none. */
  clientCa?: string;
}

/** What may change while connections are open: the next handshake uses it. Throws what OpenSSL says of bad texts. */
export function secureContext({ cert, key, clientCa }: TlsTexts): SecureContextOptions {
  return { cert, key, minVersion: "TLSv1.2", ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

/** Until when the certificate is valid, ms since the epoch. */
export function notAfter({ cert }: TlsTexts): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

/** What a server is made with. A client that never finishes its handshake is let go as one that never finishes its headers. */
export function serverTls(texts: TlsTexts, handshakeTimeoutMs: number): TlsOptions {
  const asks = texts.clientCa !== undefined;
  return {
    ...secureContext(texts),
    ...{ requestCert: asks, rejectUnauthorized: asks, ALPNProtocols: ["http/1.1"] },
    handshakeTimeout: handshakeTimeoutMs,
  };
}
