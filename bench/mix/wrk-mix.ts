import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadWith, type Load } from "../lib/wrk.ts";
import { readRecording } from "./recording.ts";
import type { MixRequest, Piece } from "./scale.ts";

/** The mix as a file for `replay.lua`, and what loads a proxy with it. Each run goes on where the one before ended. */
export interface WrkMix {
  load(url: string, connections: number, seconds: number): Promise<Load>;
  remove(): void;
}

export function createWrkMix(
  requests: readonly MixRequest[],
  firstEpoch: number,
  headers = readRecording().headers,
): WrkMix {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-mix-"));
  const file = join(folder, "mix");
  writeFileSync(file, requests.map((request) => lineOf(request, headers[request.method])).join("\u0001"), "latin1");
  let epoch = firstEpoch;
  return {
    async load(url, connections, seconds) {
      const script = join(import.meta.dirname, "replay.lua");
      const environment = { MIX_FILE: file, MIX_EPOCH: String(epoch), MIX_FIRST_EPOCH: String(firstEpoch) };
      const load = await loadWith(url, connections, seconds, { script, environment });
      epoch += Math.ceil(load.requests / requests.length) + 2;
      return load;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function lineOf({ method, target, body }: MixRequest, headers: Readonly<Record<string, string>>): string {
  const lines = ["Host: 127.0.0.1", ...Object.entries(headers).flatMap(headerLine)];
  // Electra's pools have a second version, which asks for the fork; the recorded client is older than they are.
  if (method === "POST" && String(target[0]).startsWith("/eth/v2/")) lines.push("Eth-Consensus-Version: electra");
  if (method === "POST") lines.push(`Content-Length: ${lengthOf(body)}`);
  const head = ` HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
  return [
    `${method} `,
    ...target.map((piece) => textOf(piece)),
    head,
    ...body.map((piece) => textOf(piece, true)),
  ].join("\u0002");
}

/** Both sides get the requests on connections that stay open, whatever the recorded client did. */
function headerLine([name, value]: [string, string]): string[] {
  return name === "connection" ? [] : [`${name}: ${value}`];
}

function textOf(piece: Piece, isPublished = false): string {
  if (typeof piece === "string") return piece;
  const text = "slot" in piece ? `s+${piece.slot}` : `e+${piece.epoch}`;
  return isPublished ? text.toUpperCase() : text;
}

function lengthOf(body: readonly Piece[]): number {
  return body.reduce((sum, piece) => sum + (typeof piece === "string" ? piece.length : "slot" in piece ? 8 : 6), 0);
}
