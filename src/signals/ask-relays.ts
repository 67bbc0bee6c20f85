import type { HttpGet } from "../fleet/sources/source-io.ts";
import type { Relay } from "./signal-sources.ts";

/** What the relays say of one block: see `RelayDelivery` of `duties`. */
export interface Delivery {
  /** Absent: no relay that was asked delivered it. */
  relay?: string;
  /** Lower case. */
  proposerFeeRecipient?: string;
  /** In gwei. */
  valuePromised?: number;
}

const maxBytes = 256 * 1024;

/**
 * Asks every relay whether it delivered the payload with this hash (relay data API,
 * `/relay/v1/data/bidtraces/proposer_payload_delivered`). `undefined`: one could not be asked and none of the others
 * delivered it, so that nobody knows.
 */
export async function askRelays(
  relays: readonly Relay[],
  slot: number,
  blockHash: string,
  get: HttpGet,
  signal: AbortSignal,
): Promise<Delivery | undefined> {
  const answers = await Promise.all(relays.map((relay) => askRelay(relay, slot, blockHash, get, signal)));
  const delivered = answers.find((answer) => answer !== undefined && answer.relay !== undefined);
  return delivered ?? (answers.includes(undefined) ? undefined : {});
}

async function askRelay(
  { name, url }: Relay,
  slot: number,
  blockHash: string,
  get: HttpGet,
  signal: AbortSignal,
): Promise<Delivery | undefined> {
  const path = `/relay/v1/data/bidtraces/proposer_payload_delivered?slot=${slot}`;
  const answer = await get(url + path, { headers: { accept: "application/json" }, maxBytes, signal });
  if (!answer.ok || answer.status !== 200) return undefined;
  const traces = readTraces(answer.body);
  if (!traces) return undefined;
  const own = traces.find((trace) => text(trace["block_hash"]) === blockHash.toLowerCase());
  if (!own) return {};
  const recipient = text(own["proposer_fee_recipient"]);
  const value = gweiOf(own["value"]);
  return {
    relay: name,
    ...(recipient !== undefined && { proposerFeeRecipient: recipient }),
    ...(value !== undefined && { valuePromised: value }),
  };
}

function readTraces(body: string): readonly Record<string, unknown>[] | undefined {
  try {
    const list: unknown = JSON.parse(body);
    // Relays answer `null` where they know of nothing.
    if (list === null) return [];
    if (!Array.isArray(list)) return undefined;
    return list.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

/** Wei in decimal, as the API has it, rounded down to gwei. */
function gweiOf(value: unknown): number | undefined {
  return typeof value === "string" && /^\d{1,30}$/.test(value) ? Number(BigInt(value) / 1_000_000_000n) : undefined;
}
