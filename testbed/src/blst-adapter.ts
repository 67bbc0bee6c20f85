// Stands in for @chainsafe/blst 0.2 inside Lodestar 1.5.1: its API over @chainsafe/blst 2.2, whose prebuilt binding
// also loads in new Node versions. Without it @chainsafe/bls falls back to WASM, several times slower, and sync
// contributions come too late on a machine with two cores. Coordinates are an inner affair of version 2.2.
import { createRequire } from "node:module";

type Bytes = Uint8Array;
type Point = { toBytes(compress?: boolean): Bytes };
type NativePublicKey = Point & { keyValidate(): void };
type NativeSignature = Point & { sigValidate(refuseInfinity?: boolean): void };
type NativeSecretKey = { toBytes(): Bytes; toPublicKey(): NativePublicKey; sign(message: Bytes): NativeSignature };
type Native = {
  SecretKey: { fromBytes(bytes: Bytes): NativeSecretKey; fromKeygen(entropy: Bytes): NativeSecretKey };
  PublicKey: { fromBytes(bytes: Bytes): NativePublicKey };
  Signature: { fromBytes(bytes: Bytes): NativeSignature };
  aggregatePublicKeys(keys: NativePublicKey[]): NativePublicKey;
  aggregateSignatures(signatures: NativeSignature[]): NativeSignature;
  verify(message: Bytes, key: NativePublicKey, signature: NativeSignature): boolean;
  fastAggregateVerify(message: Bytes, keys: NativePublicKey[], signature: NativeSignature): boolean;
  aggregateVerify(messages: Bytes[], keys: NativePublicKey[], signature: NativeSignature): boolean;
  verifyMultipleAggregateSignatures(sets: { msg: Bytes; pk: NativePublicKey; sig: NativeSignature }[]): boolean;
};

// The name in a variable: the type check of the root project must not need this package.
const packageName = "blst-napi";
const native = createRequire(import.meta.url)(packageName) as Native;

export const CoordType = { affine: 0, jacobian: 1 };

/** A point with the methods that version 0.2 calls on its inner values. */
class PointValue<P extends Point> {
  readonly point: P;

  constructor(point: P) {
    this.point = point;
  }

  compress(): Bytes {
    return this.point.toBytes(true);
  }

  serialize(): Bytes {
    return this.point.toBytes(false);
  }

  /** Infinity is 0xc0 and zeros in the compressed form. */
  is_inf(): boolean {
    return this.compress().every((byte, i) => byte === (i === 0 ? 0xc0 : 0));
  }
}

export class PublicKey {
  readonly value: PointValue<NativePublicKey>;

  constructor(value: PointValue<NativePublicKey>) {
    this.value = value;
  }

  static fromBytes(bytes: Bytes): PublicKey {
    return new PublicKey(new PointValue(native.PublicKey.fromBytes(bytes)));
  }

  keyValidate(): void {
    this.value.point.keyValidate();
  }
}

export class Signature {
  readonly value: PointValue<NativeSignature>;

  constructor(value: PointValue<NativeSignature>) {
    this.value = value;
  }

  static fromBytes(bytes: Bytes): Signature {
    return new Signature(new PointValue(native.Signature.fromBytes(bytes)));
  }

  sigValidate(): void {
    this.value.point.sigValidate(false);
  }
}

export class SecretKey {
  readonly value: NativeSecretKey;

  constructor(value: NativeSecretKey) {
    this.value = value;
  }

  static fromBytes(bytes: Bytes): SecretKey {
    return new SecretKey(native.SecretKey.fromBytes(bytes));
  }

  static fromKeygen(entropy: Bytes): SecretKey {
    return new SecretKey(native.SecretKey.fromKeygen(entropy));
  }

  toBytes(): Bytes {
    return this.value.toBytes();
  }

  toPublicKey(): PublicKey {
    return new PublicKey(new PointValue(this.value.toPublicKey()));
  }

  sign(message: Bytes): Signature {
    return new Signature(new PointValue(this.value.sign(message)));
  }
}

const pointsOf = <P extends Point>(wrapped: readonly { value: PointValue<P> }[]): P[] =>
  wrapped.map((one) => one.value.point);

export const aggregatePubkeys = (keys: readonly PublicKey[]): PublicKey =>
  new PublicKey(new PointValue(native.aggregatePublicKeys(pointsOf(keys))));

export const aggregateSignatures = (signatures: readonly Signature[]): Signature =>
  new Signature(new PointValue(native.aggregateSignatures(pointsOf(signatures))));

export const verify = (message: Bytes, key: PublicKey, signature: Signature): boolean =>
  native.verify(message, key.value.point, signature.value.point);

export const fastAggregateVerify = (message: Bytes, keys: readonly PublicKey[], signature: Signature): boolean =>
  native.fastAggregateVerify(message, pointsOf(keys), signature.value.point);

export const aggregateVerify = (messages: Bytes[], keys: readonly PublicKey[], signature: Signature): boolean =>
  native.aggregateVerify(messages, pointsOf(keys), signature.value.point);

export const verifyMultipleAggregateSignatures = (
  sets: readonly { msg: Bytes; pk: PublicKey; sig: Signature }[],
): boolean =>
  native.verifyMultipleAggregateSignatures(
    sets.map(({ msg, pk, sig }) => ({ msg, pk: pk.value.point, sig: sig.value.point })),
  );
