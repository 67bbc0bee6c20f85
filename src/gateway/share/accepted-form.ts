/** The form of an answer that a client wants: JSON, SSZ with JSON where a node has no SSZ, or SSZ and nothing else. */
export type AnswerForm = "json" | "ssz" | "ssz-only";

/** The gateway's own `Accept` for each form; clients' spellings differ, and each would be a call of its own. */
export const acceptOf: Readonly<Record<AnswerForm, string>> = {
  json: "application/json",
  ssz: "application/octet-stream,application/json;q=0.9",
  "ssz-only": "application/octet-stream",
};

const remembered = new Map<string, AnswerForm | undefined>();

/** Reads an `Accept` value (RFC 9110, 12.5.1); `undefined` where the client takes neither JSON nor SSZ. */
export function acceptedForm(accept: string | undefined): AnswerForm | undefined {
  if (accept === undefined || accept === "application/json" || accept === "*/*") return "json";
  if (remembered.has(accept)) return remembered.get(accept);
  const form = readForm(accept);
  if (accept.length <= 256 && remembered.size < 256) remembered.set(accept, form);
  return form;
}

interface Wish {
  weight: number;
  /** How exact the range is: 2 for the type itself, 1 for `application/*`, 0 for any. */
  precision: number;
  place: number;
}

function readForm(accept: string): AnswerForm | undefined {
  const ranges = accept.toLowerCase().split(",").map(readRange);
  const json = wishFor("application/json", ranges);
  const ssz = wishFor("application/octet-stream", ranges);
  const [wantsJson, wantsSsz] = [json.weight > 0, ssz.weight > 0];
  if (!wantsSsz) return wantsJson ? "json" : undefined;
  if (!wantsJson) return "ssz-only";
  if (ssz.weight !== json.weight) return ssz.weight > json.weight ? "ssz" : "json";
  if (ssz.precision !== json.precision) return ssz.precision > json.precision ? "ssz" : "json";
  return ssz.place < json.place ? "ssz" : "json";
}

function readRange(text: string): { type: string; weight: number } {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { type, weight: Number.isFinite(weight) ? weight : 0 };
}

/** The most exact range that holds the type decides, not the heaviest. */
function wishFor(type: string, ranges: readonly { type: string; weight: number }[]): Wish {
  const names = ["*/*", "application/*", type];
  let wish: Wish = { weight: 0, precision: -1, place: Infinity };
  ranges.forEach((range, place) => {
    const precision = names.indexOf(range.type);
    if (precision > wish.precision) wish = { weight: range.weight, precision, place };
  });
  return wish;
}
