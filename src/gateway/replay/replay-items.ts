import { isSsz } from "../http/media-type.ts";
import type { Route } from "../routes/route.ts";
import type { ItemFailure } from "../policies/merge-failures.ts";

export type ReplayKind = NonNullable<Route["replays"]>;

/** One item as it will be sent again. The newest of one `key` counts. */
export interface ReplayItem {
  key: string;
  /** The JSON of the item. */
  json: string;
  /** Unix seconds that the signer gave; only registrations have it. */
  timestamp: number;
  /** Subscriptions say themselves when they end. */
  slot?: number;
  untilEpoch?: number;
  feeRecipient?: string;
}

type Fields = Record<string, unknown>;

const readers: Readonly<Record<ReplayKind, (item: Fields) => Omit<ReplayItem, "json"> | undefined>> = {
  preparations(item) {
    const index = uint(item["validator_index"]);
    const feeRecipient = hex(item["fee_recipient"], 20);
    return index === undefined || feeRecipient === undefined
      ? undefined
      : { key: String(index), timestamp: 0, feeRecipient };
  },
  registrations(item) {
    const message = (item["message"] ?? {}) as Fields;
    const key = hex(message["pubkey"], 48);
    const feeRecipient = hex(message["fee_recipient"], 20);
    const timestamp = uint(message["timestamp"]);
    if (key === undefined || feeRecipient === undefined || timestamp === undefined) return undefined;
    return { key, timestamp, feeRecipient };
  },
  "committee-subscriptions"(item) {
    const index = uint(item["validator_index"]);
    const slot = uint(item["slot"]);
    const committee = uint(item["committee_index"]);
    if (index === undefined || slot === undefined || committee === undefined) return undefined;
    return { key: `${index}:${slot}:${committee}`, timestamp: 0, slot };
  },
  "sync-subscriptions"(item) {
    const index = uint(item["validator_index"]);
    const untilEpoch = uint(item["until_epoch"]);
    return index === undefined || untilEpoch === undefined
      ? undefined
      : { key: `${index}:${untilEpoch}`, timestamp: 0, untilEpoch };
  },
};

/** Reads the items of a request body; `undefined` where it is not a list of what the Beacon API says. */
export function readReplayItems(
  kind: ReplayKind,
  body: Buffer,
  contentType: string | undefined,
): ReplayItem[] | undefined {
  const list = isSsz(contentType)
    ? kind === "registrations"
      ? registrationsFromSsz(body)
      : undefined
    : parseList(body);
  if (!list) return undefined;
  const items: ReplayItem[] = [];
  for (const value of list) {
    if (typeof value !== "object" || value === null) return undefined;
    const read = readers[kind](value as Fields);
    if (!read) return undefined;
    items.push({ ...read, json: JSON.stringify(value) });
  }
  return items;
}

/** The items whose fee recipient is not on the list; an empty list allows all. */
export function refusedRecipients(items: readonly ReplayItem[], allowed: readonly string[]): ItemFailure[] {
  if (allowed.length === 0) return [];
  const list = new Set(allowed.map((address) => address.toLowerCase()));
  const failures: ItemFailure[] = [];
  items.forEach((item, index) => {
    if (item.feeRecipient !== undefined && !list.has(item.feeRecipient))
      failures.push({ index, message: `fee recipient ${item.feeRecipient} of ${item.key} is not on the allow-list` });
  });
  return failures;
}

function parseList(body: Buffer): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return Array.isArray(parsed) ? (parsed as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

/** `List[SignedValidatorRegistrationV1]`: 180 bytes each (builder-specs), little endian. */
function registrationsFromSsz(body: Buffer): unknown[] | undefined {
  if (body.length % 180 !== 0) return undefined;
  const list = [];
  for (let at = 0; at < body.length; at += 180) {
    const bytes = (from: number, to: number) => `0x${body.toString("hex", at + from, at + to)}`;
    const message = {
      fee_recipient: bytes(0, 20),
      gas_limit: body.readBigUInt64LE(at + 20).toString(),
      timestamp: body.readBigUInt64LE(at + 28).toString(),
      pubkey: bytes(36, 84),
    };
    list.push({ message, signature: bytes(84, 180) });
  }
  return list;
}

function uint(value: unknown): number | undefined {
  const number =
    typeof value === "number" ? value : typeof value === "string" && /^[0-9]{1,20}$/.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

function hex(value: unknown, bytes: number): string | undefined {
  return typeof value === "string" && value.length === 2 + 2 * bytes && /^0x[0-9a-fA-F]+$/.test(value)
    ? value.toLowerCase()
    : undefined;
}
