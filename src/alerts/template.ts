import { labelOf, type Labels } from "./labels.ts";
import { formatDuration } from "./duration.ts";
import { Refusal } from "./expr/refusal.ts";

type Show = "plain" | "humanize" | "humanizePercentage" | "humanizeDuration";

const shows: readonly Show[] = ["plain", "humanize", "humanizePercentage", "humanizeDuration"];
const hole = /\{\{(.*?)\}\}/gs;
const known = /^\s*\$(?:labels\.(?<label>[A-Za-z_][A-Za-z0-9_]*)|value(?:\s*\|\s*(?<show>[A-Za-z]+))?)\s*$/;

/** Throws `Refusal` for a `{{ … }}` that is neither `$labels.name` nor `$value`. */
export function checkTemplate(text: string): void {
  for (const found of text.matchAll(hole)) {
    const inner = known.exec(found[1] ?? "");
    const show = inner?.groups?.["show"] ?? "plain";
    if (!inner || !shows.some((each) => each === show))
      throw new Refusal(`"${found[0]}" is not known: write {{ $labels.name }} or {{ $value }}`, found.index);
  }
}

/** The text with labels and value filled in. An absent label shows as nothing, as in Prometheus. */
export function fillTemplate(text: string, labels: Labels, value: number): string {
  return text.replace(hole, (whole, inner: string) => {
    const groups = known.exec(inner)?.groups;
    if (!groups) return whole;
    const label = groups["label"];
    if (label !== undefined) return labelOf(labels, label);
    return showValue(value, groups["show"]);
  });
}

function showValue(value: number, show: string | undefined): string {
  if (!Number.isFinite(value)) return "unknown";
  switch (show) {
    case "humanizePercentage":
      return `${round(value * 100)} %`;
    case "humanizeDuration":
      return formatDuration(Math.max(0, Math.round(value)) * 1000);
    default:
      return String(round(value));
  }
}

/** Four digits say enough. */
function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
