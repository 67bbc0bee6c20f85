import { isSsz } from "../http/media-type.ts";
import { uint } from "../safety/vote.ts";
import { createListing, type Published } from "./listing.ts";

/** `SyncCommitteeMessage` (consensus-specs, altair): slot, head root, validator index, signature. */
const messageBytes = 8 + 32 + 8 + 96;

interface SyncMessage {
  slot: number;
  headRoot: string;
  validatorIndex: number;
}

/** Reads a body of `POST …/pool/sync_committees`; `undefined` where it is no list. `count`: its items. */
export function readSyncMessages(
  body: Buffer,
  contentType: string | undefined,
): (Published & { count: number }) | undefined {
  const messages = isSsz(contentType) ? fromSsz(body) : fromJson(body);
  if (!messages) return undefined;
  const listing = createListing();
  for (const message of messages) {
    if (!message) listing.skip();
    else {
      const { slot, headRoot, validatorIndex } = message;
      listing.add(`${slot}|${headRoot}`, () => ({ slot, headRoot }), [validatorIndex]);
    }
  }
  return {
    items: listing.done("sync-message"),
    signerAt: (index) => messages[index]?.validatorIndex,
    count: messages.length,
  };
}

function fromJson(body: Buffer): (SyncMessage | undefined)[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  return Array.isArray(list) ? (list as unknown[]).map(messageOf) : undefined;
}

function messageOf(item: unknown): SyncMessage | undefined {
  const { slot, beacon_block_root, validator_index } = (item ?? {}) as Record<string, unknown>;
  const [at, index] = [uint(slot), uint(validator_index)];
  if (at === undefined || index === undefined || typeof beacon_block_root !== "string") return undefined;
  return { slot: at, validatorIndex: index, headRoot: beacon_block_root.slice(0, 66).toLowerCase() };
}

function fromSsz(body: Buffer): (SyncMessage | undefined)[] | undefined {
  if (body.length === 0 || body.length % messageBytes !== 0) return undefined;
  const messages: (SyncMessage | undefined)[] = [];
  for (let at = 0; at < body.length; at += messageBytes) {
    const [slot, index] = [uint(body.readBigUInt64LE(at)), uint(body.readBigUInt64LE(at + 40))];
    const headRoot = `0x${body.toString("hex", at + 8, at + 40)}`;
    messages.push(slot === undefined || index === undefined ? undefined : { slot, headRoot, validatorIndex: index });
  }
  return messages;
}
