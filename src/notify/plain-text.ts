import type { MessageKind, OutboxMessage } from "../outbox/types.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text in at most `maxLength` UTF-16 units, cut between characters as people see them, with an ellipsis where it was cut. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let kept = "";
  for (const { segment } of segmenter.segment(text.slice(0, maxLength))) {
    if (kept.length + segment.length > maxLength - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const words: Readonly<Record<MessageKind, string>> = {
  firing: "FIRING",
  page: "PAGE",
  acknowledge: "ACKNOWLEDGED",
  update: "UPDATE",
  resolve: "RESOLVED",
  test: "TEST",
};

/** "RESOLVED: bn1 is down", in one line. */
export function titleOf({ kind, body }: Pick<OutboxMessage, "kind" | "body">): string {
  return `${words[kind]}: ${body.title.replace(/\s+/g, " ").trim()}`;
}
