/** Does an `Accept-Encoding` value allow gzip with a weight above zero (RFC 9110, 12.5.3)? */
export function acceptsGzip(value: string | undefined): boolean {
  if (!value) return false;
  let fromStar = false;
  for (const part of value.split(",")) {
    const [coding = "", ...params] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const weight = params.find((param) => param.startsWith("q="));
    const isWanted = weight === undefined || Number(weight.slice(2)) > 0;
    if (coding === "gzip" || coding === "x-gzip") return isWanted;
    if (coding === "*") fromStar = isWanted;
  }
  return fromStar;
}
