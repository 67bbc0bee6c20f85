import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { systemClock } from "./clock.ts";

/** A certificate made for one test run, and its key. */
export interface TestCertificate {
  cert: string;
  key: string;
  name: string;
  privateKey: KeyObject;
}

/**
 * Makes a P-256 certificate for `localhost` and 127.0.0.1 that is valid for a day around now (RFC 5280), signed by `issuer` or by itself.
 * The few DER forms it needs are written out: no OpenSSL binary has to be there, and no key lies in the repository.
 */
export function makeCertificate(name: string, issuer?: TestCertificate): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const day = 24 * 3_600_000;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(issuer?.name ?? name),
    sequence(utcTime(systemClock.now() - day), utcTime(systemClock.now() + day)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(basicConstraints, subjectAltName)),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    name,
    privateKey,
  };
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("550403"), tagged(0x0c, Buffer.from(commonName)))));
}

function utcTime(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${text}Z`));
}

const yes = tagged(0x01, Buffer.from([0xff]));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const basicConstraints = sequence(oid("551d13"), yes, tagged(0x04, sequence(yes)));
const subjectAltName = sequence(
  oid("551d11"),
  tagged(0x04, sequence(tagged(0x82, Buffer.from("localhost")), tagged(0x87, Buffer.from([127, 0, 0, 1])))),
);
