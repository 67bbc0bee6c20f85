import { isSsz } from "../http/media-type.ts";
import type { Route } from "../routes/route.ts";
import type { ItemFailure } from "../policies/merge-failures.ts";

export type ReplayKind = NonNullable<Route["replays"]>;

/** One item as it will be sent again. The newest of one `key` counts. */
export interface ReplayItem {
  key: string;
  /** Absent where the item names its validator by public key. */
  validatorIndex: number | undefined;
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
      : { key: String(index), validatorIndex: index, timestamp: 0, feeRecipient };
  },
  registrations(item) {
    const message = (item["message"] ?? {}) as Fields;
    const key = hex(message["pubkey"], 48);
    const feeRecipient = hex(message["fee_recipient"], 20);
    const timestamp = uint(message["timestamp"]);
    if (key === undefined || feeRecipient === undefined || timestamp === undefined) return undefined;
    return { key, validatorIndex: undefined, timestamp, feeRecipient };
  },
  "committee-subscriptions"(item) {
    const index = uint(item["validator_index"]);
    const slot = uint(item["slot"]);
    const committee = uint(item["committee_index"]);
    if (index === undefined || slot === undefined || committee === undefined) return undefined;
    return { key: `${index}:${slot}:${committee}`, validatorIndex: index, timestamp: 0, slot };
  },
  "sync-subscriptions"(item) {
    const index = uint(item["validator_index"]);
    const untilEpoch = uint(item["until_epoch"]);
    return index === undefined || untilEpoch === undefined
      ? undefined
      : { key: `${index}:${untilEpoch}`, validatorIndex: index, timestamp: 0, untilEpoch };
  },
};

/** Reads the items of a request body; `undefined` where it is not a list of what the Beacon API says. */
export function readReplayItems(
  kind: ReplayKind,
  body: Buffer,
  contentType: string | undefined,
): ReplayItem[] | undefined {
  const usual = isSsz(contentType) ? undefined : readUsualItems(kind, body);
  if (usual) return usual;
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

/**
 * Items as clients write them: fields in the order of the specification, no white space. Every client sends one of each
 * validator in every epoch: to cut them out costs a quarter of parsing them and writing them again.
 */
const usualItems: Partial<Record<ReplayKind, { form: RegExp; read: UsualReader }>> = {
  preparations: {
    form: /\{"validator_index":"([0-9]{1,15})","fee_recipient":"(0x[0-9a-fA-F]{40})"\}/y,
    read: ([json, index = "", recipient = ""]) => {
      const validatorIndex = Number(index);
      return { key: String(validatorIndex), validatorIndex, timestamp: 0, feeRecipient: recipient.toLowerCase(), json };
    },
  },
  "committee-subscriptions": {
    form: /\{"validator_index":"([0-9]{1,15})","committee_index":"([0-9]{1,15})","committees_at_slot":"[0-9]{1,15}","slot":"([0-9]{1,15})","is_aggregator":(?:true|false)\}/y,
    read: ([json, index, committee, at]) => {
      const [validatorIndex, slot] = [Number(index), Number(at)];
      return { key: `${validatorIndex}:${slot}:${Number(committee)}`, validatorIndex, timestamp: 0, slot, json };
    },
  },
};

type UsualReader = (found: RegExpExecArray) => ReplayItem;

/** `undefined` where anything in the list is written otherwise. */
function readUsualItems(kind: ReplayKind, body: Buffer): ReplayItem[] | undefined {
  const usual = usualItems[kind];
  if (!usual) return undefined;
  const { form, read } = usual;
  const text = body.toString("latin1");
  const items: ReplayItem[] = [];
  if (text[0] !== "[") return undefined;
  for (let at = 1; ; at++) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (!found) return undefined;
    items.push(read(found));
    at = form.lastIndex;
    if (text[at] === "]") return at === text.length - 1 ? items : undefined;
    if (text[at] !== ",") return undefined;
  }
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
