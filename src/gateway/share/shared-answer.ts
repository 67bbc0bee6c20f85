import { gzip } from "node:zlib";
import type { AskedNode } from "../exchange.ts";
import { isHopByHop } from "../http/header-kinds.ts";
import { withVary } from "../http/vary.ts";
import { isJson } from "../http/media-type.ts";
import type { Route } from "../routes/route.ts";
import type { AnswerHeaders } from "../send/attempt.ts";
import type { Validity } from "./validity.ts";
import type { WireText } from "./wire-text.ts";

/** What an entry costs beside its bodies: headers, key, and the objects themselves. */
const overheadBytes = 2_048;

export interface SharedAnswerInput {
  route: Route;
  status: number;
  headers: AnswerHeaders;
  body: Buffer;
  node: string | undefined;
  degraded: string | undefined;
  asked: readonly AskedNode[] | undefined;
  sourceEpoch: number | undefined;
  vote?: { slot: number; headRoot: string } | undefined;
}

/** One node's answer as many clients get it: headers made once, in identity encoding, compressed at most once. */
export class SharedAnswer {
  readonly route: Route;
  readonly status: number;
  readonly body: Buffer;
  readonly node: string | undefined;
  readonly degraded: string | undefined;
  readonly asked: readonly AskedNode[] | undefined;
  readonly sourceEpoch: number | undefined;
  /** Of attestation data: the slot that it is for, and the head that its signers vote for. */
  readonly forSlot: number | undefined;
  readonly headRoot: string | undefined;
  readonly isJson: boolean;
  /** Names and values in turn, without length, encoding and request id. */
  readonly headers: readonly string[];
  readonly hasDate: boolean;
  /** Set once it is kept; absent for an answer that only those got who waited for it. */
  validity: Validity | undefined;
  /** Monotonic ms. */
  untilAt = 0;
  /** Used since the cache last looked for what to give up. */
  isUsed = false;
  /** The body compressed: absent until somebody wants it, `null` where that did not work. */
  packed: Buffer | null | undefined;
  /** As it stands on the wire, plain and compressed. */
  readonly texts: (WireText | undefined)[] = [undefined, undefined];
  /** Set by the cache: hears that more bytes are held for it, in whatever form. */
  onGrown: ((bytes: number) => void) | undefined;
  private waitingForPack: (() => void)[] | undefined;

  constructor({ route, status, headers, body, node, degraded, asked, sourceEpoch, vote }: SharedAnswerInput) {
    this.route = route;
    this.status = status;
    this.body = body;
    this.node = node;
    this.degraded = degraded;
    this.asked = asked;
    this.sourceEpoch = sourceEpoch;
    this.forSlot = vote?.slot;
    this.headRoot = vote?.headRoot;
    this.headers = sharedHeaders(headers, node, degraded);
    this.hasDate = headers["date"] !== undefined;
    this.isJson = isJson(String(headers["content-type"] ?? "")) && headers["content-encoding"] === undefined;
  }

  /** What it holds: the body, and the same again as the text that goes out. */
  get bytes(): number {
    return 2 * this.body.length + (this.packed?.length ?? 0) + overheadBytes;
  }

  /** It is given to nobody from now on. */
  drop(): void {
    this.validity = undefined;
    this.onGrown = undefined;
  }

  /** Calls back when `packed` is there; the first caller starts the work, the others wait for it. */
  pack(done: () => void): void {
    if (this.packed !== undefined) return done();
    if (this.waitingForPack) return void this.waitingForPack.push(done);
    this.waitingForPack = [done];
    gzip(this.body, { level: 1 }, (error, packed) => {
      this.packed = error ? null : packed;
      if (packed) this.onGrown?.(2 * packed.length);
      const waiting = this.waitingForPack ?? [];
      this.waitingForPack = undefined;
      for (const each of waiting) each();
    });
  }
}

function sharedHeaders(headers: AnswerHeaders, node: string | undefined, degraded: string | undefined): string[] {
  const list: string[] = [];
  for (const name in headers) {
    if (isHopByHop(name) || name === "content-length" || name === "vary") continue;
    for (const value of [headers[name] ?? []].flat()) if (isSendable(name, value)) list.push(name, value);
  }
  // Every shared route has one address for JSON and SSZ, packed and plain: a cache in front must tell them apart.
  const vary = withVary(headers["vary"], "Accept", "Accept-Encoding");
  list.push("vary", isSendable("vary", vary) ? vary : "*");
  if (node !== undefined && isSendable("x-slotkeeper-node", node)) list.push("x-slotkeeper-node", node);
  if (degraded !== undefined) list.push("x-slotkeeper-degraded", degraded);
  return list;
}

/** What may stand in a header (RFC 9110, 5.5): a node's odd header is left out, its answer is not lost. */
function isSendable(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
