/** Does an `Accept` header (RFC 9110, 12.5.1) allow `application/json`? Without the header everything is allowed. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === "") return true;
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((text) => /^q\s*=/.test(text))?.split("=")[1];
    weights.set(range, weight === undefined ? 1 : Number(weight) || 0);
  }
  // The most specific range decides.
  const weight = weights.get("application/json") ?? weights.get("application/*") ?? weights.get("*/*") ?? 0;
  return weight > 0;
}
