import type { TransferFacts } from "../types.ts";

const weiPerGwei = 1_000_000_000n;
/** Where `to` stands in the list of each kind; `value` and `data` follow. Unknown kinds are left unread. */
const toAt: Readonly<Record<number, number>> = { 1: 4, 2: 5, 3: 5, 4: 5 };
const legacyToAt = 3;

/**
 * Reads a plain payment out of a signed transaction (EIP-2718: legacy, 1, 2, 3 or 4): recipient and value, without data.
 * Builders pay a proposer so, in the last transaction of their block. `undefined`: it is no such payment, or no
 * transaction.
 */
export function readTransfer(bytes: Uint8Array): TransferFacts | undefined {
  const kind = bytes[0] ?? 0;
  const isLegacy = kind >= 0xc0;
  const index = isLegacy ? legacyToAt : toAt[kind];
  if (index === undefined) return undefined;
  const list = readItem(bytes, isLegacy ? 0 : 1);
  if (!list?.isList || list.to !== bytes.length) return undefined;
  const items: Uint8Array[] = [];
  for (let at = list.from; at < list.to && items.length < index + 3;) {
    const item = readItem(bytes, at);
    if (!item || item.to > list.to) return undefined;
    items.push(bytes.subarray(item.from, item.to));
    at = item.to;
  }
  const [to, value, data] = items.slice(index);
  if (to?.length !== 20 || !value || value.length > 16 || data?.length !== 0) return undefined;
  const wei = BigInt(`0x0${Buffer.from(value).toString("hex")}`);
  return { to: `0x${Buffer.from(to).toString("hex")}`, value: Number(wei / weiPerGwei) };
}

interface RlpItem {
  isList: boolean;
  /** Of its content. */
  from: number;
  /** Excluded; also where the next one begins. */
  to: number;
}

/** Recursive length prefix of the Yellow Paper, appendix B. */
function readItem(bytes: Uint8Array, at: number): RlpItem | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { isList: false, from: at, to: at + 1 };
  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  const lengthBytes = short > 55 ? short - 55 : 0;
  let length = lengthBytes === 0 ? short : 0;
  for (let i = 1; i <= lengthBytes; i++) length = length * 256 + (bytes[at + i] ?? 0);
  const from = at + 1 + lengthBytes;
  return from + length > bytes.length ? undefined : { isList, from, to: from + length };
}
