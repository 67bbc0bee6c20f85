import { existsSync } from "node:fs";
import { expect, it } from "vitest";

const isInstalled = existsSync(new URL("../node_modules/blst-napi", import.meta.url));

it.runIf(isInstalled)("signs, verifies and refuses as version 0.2 did", async () => {
  const { SecretKey, Signature, aggregatePubkeys, fastAggregateVerify, verify, verifyMultipleAggregateSignatures } =
    await import("./blst-adapter.ts");
  const secret = SecretKey.fromKeygen(new Uint8Array(32).fill(1));
  const message = new Uint8Array(32).fill(3);
  const pk = secret.toPublicKey();
  const sig = secret.sign(message);
  expect(verify(message, pk, sig)).toBe(true);
  expect(verify(new Uint8Array(32), pk, sig)).toBe(false);
  expect(fastAggregateVerify(message, [pk], sig)).toBe(true);
  expect(verifyMultipleAggregateSignatures([{ msg: message, pk, sig }])).toBe(true);
  expect(aggregatePubkeys([pk, pk]).value.compress()).toHaveLength(48);
  expect(pk.value.serialize()).toHaveLength(96);
  const infinity = new Uint8Array(96);
  infinity[0] = 0xc0;
  expect(Signature.fromBytes(infinity).value.is_inf()).toBe(true);
  expect(sig.value.is_inf()).toBe(false);
});
