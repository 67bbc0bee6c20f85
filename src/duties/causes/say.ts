import type { CauseEvidence, CauseFinding } from "../types.ts";
import type { CauseCode } from "./reasons.ts";
import { sentAt } from "./scene.ts";
import type { AskedInput, Message, NodeAnswer, Scene } from "./types.ts";

const mostEvidence = 8;

export function found(
  code: CauseCode,
  confidence: CauseFinding["confidence"],
  ...evidence: readonly (CauseEvidence | undefined)[]
): CauseFinding {
  return { code, confidence, evidence: evidence.filter((each) => each !== undefined).slice(0, mostEvidence) };
}

export const onChain = (text: string): CauseEvidence => ({ origin: "chain", at: undefined, text });

export function atNode(node: string, at: number | undefined, text: string): CauseEvidence {
  return { origin: `node:${node}`, at, text };
}

/** A message on its way: when it came, what the nodes said. */
export function messageEvidence({ startAt }: Scene, message: Message): CauseEvidence {
  const { gateway, client, kind, at } = message;
  const late = Math.round(sentAt(message) - startAt);
  const what = kind === "block" ? "block" : kind === "attestation" ? "vote" : "message";
  const text = `${client} published the ${what} ${late} ms after the slot began; ${answersText(message)}`;
  return { origin: `gateway:${gateway}`, at, text };
}

/** A request for what is signed, and its answer. */
export function askedEvidence({ startAt }: Scene, asked: AskedInput): CauseEvidence {
  const { gateway, client, at, status, node, headRoot, refusal } = asked;
  const when = `${client} asked ${Math.round(sentAt(asked) - startAt)} ms after the slot began`;
  const head = headRoot === undefined ? "" : `, head ${short(headRoot)}`;
  const answer = refusal
    ? `refused: ${refusal.reason}${refusal.detail === "" ? "" : `, ${refusal.detail}`}`
    : `${node ?? "nobody"} answered ${status}${head}`;
  const took = `after ${asked.durationMs} ms`;
  return { origin: `gateway:${gateway}`, at, text: `${when}; ${answer} ${took}; ${nodeAnswers(asked.answers)}` };
}

function answersText({ status, refused, refusal, answers }: Message): string {
  const why = refused ?? (refusal && `${refusal.reason} ${refusal.detail}`.trim());
  return `answered ${status}${why === undefined ? "" : ` (${why})`}; ${nodeAnswers(answers)}`;
}

function nodeAnswers(answers: readonly NodeAnswer[]): string {
  if (answers.length === 0) return "no node was asked";
  return answers
    .slice(0, 6)
    .map(({ node, outcome, status, words }) => {
      const said = outcome === "answered" ? String(status ?? "") : outcome;
      return `${node} ${said}${words === undefined ? "" : ` "${words}"`}`;
    })
    .join(", ");
}

export const short = (root: string): string => root.slice(0, 10);
export const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
