export type MediaType = "json" | "ssz";

/**
 * Picks by the `Accept` header (RFC 9110): JSON where both are liked the same or nothing is said, `undefined` (406)
 * where neither is accepted.
 */
export function negotiate(accept: string | undefined, hasSsz: boolean): MediaType | undefined {
  if (accept === undefined || accept.trim() === "") return "json";
  const json = qualityOf("application/json", accept);
  const ssz = hasSsz ? qualityOf("application/octet-stream", accept) : 0;
  if (json === 0 && ssz === 0) return undefined;
  return ssz > json ? "ssz" : "json";
}

/** The quality of the most specific range that matches. */
function qualityOf(type: string, accept: string): number {
  const ranges = [type, `${type.split("/")[0] ?? ""}/*`, "*/*"];
  for (const range of ranges) {
    for (const part of accept.split(",")) {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      if (name !== range) continue;
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      const value = quality === undefined ? 1 : Number(quality.slice(2));
      return Number.isFinite(value) ? value : 1;
    }
  }
  return 0;
}
