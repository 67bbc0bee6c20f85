import { readRecording } from "./recording.ts";
import type { MixRequest, Piece } from "./scale.ts";

/** A request of the mix as bytes, in the epoch given. */
export function renderRequest({ method, target, body }: MixRequest, epoch: number, slotsPerEpoch: number): string {
  const text = (pieces: readonly Piece[]): string =>
    pieces
      .map((piece) =>
        typeof piece === "string" ? piece : "slot" in piece ? epoch * slotsPerEpoch + piece.slot : epoch + piece.epoch,
      )
      .join("");
  const content = text(body);
  const lines = ["Host: 127.0.0.1", ...headerLines(method)];
  if (method === "POST" && String(target[0]).startsWith("/eth/v2/")) lines.push("Eth-Consensus-Version: electra");
  if (method === "POST") lines.push(`Content-Length: ${content.length}`);
  return `${method} ${text(target)} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${content}`;
}

let recorded: Record<"GET" | "POST", Record<string, string>> | undefined;

function headerLines(method: "GET" | "POST"): string[] {
  recorded ??= readRecording().headers;
  return Object.entries(recorded[method]).flatMap(([name, value]) =>
    name === "connection" ? [] : [`${name}: ${value}`],
  );
}
