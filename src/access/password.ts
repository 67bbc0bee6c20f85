import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";
import { promisify } from "node:util";

/** Second of the settings that RFC 9106 and OWASP recommend for argon2id: 19 MiB, two passes, one lane. */
const settings = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const tagLength = 32;
const shortest = 12;
/** A longer one is no password, and hashing it costs its length. */
const longest = 256;
const format =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{32,96})$/;

const derive = promisify<string, Argon2Parameters, Buffer>((_algorithm, parameters, done) =>
  argon2("argon2id", parameters, done),
);

/** Hashes a password with a salt of its own, in the PHC string format. Takes about 40 ms of another thread, and 19 MiB. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltBytes);
  const tag = await derive("argon2id", { ...settings, message: password, nonce, tagLength });
  const { memory, passes, parallelism } = settings;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** Is it the password of this hash? `false` also where the hash is none. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parts = format.exec(hash);
  if (!parts || password.length > longest) return false;
  const [, memory, passes, parallelism, salt = "", kept = ""] = parts;
  const expected = Buffer.from(kept, "base64");
  const tag = await derive("argon2id", {
    ...{ memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    ...{ message: password, nonce: Buffer.from(salt, "base64"), tagLength: expected.length },
  });
  return timingSafeEqual(tag, expected);
}

/** Hash of a password that nobody has: who asks for an unknown name must wait as long as for a known one. */
export const nobodysHash = `$argon2id$v=19$m=${settings.memory},t=${settings.passes},p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

/** What is wrong with a password that somebody wants to have; `undefined`: nothing. */
export function passwordProblem(password: string, name: string): "too-short" | "too-long" | "too-simple" | undefined {
  if (password.length < shortest) return "too-short";
  if (password.length > longest) return "too-long";
  const isName = name !== "" && password.toLowerCase().includes(name.toLowerCase());
  return isName || new Set(password).size < 5 ? "too-simple" : undefined;
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
