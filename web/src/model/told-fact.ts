import { toneRank, type Tone } from "./shown-state.ts";

/** A thing that is told in one line, and what explains it when it is opened. `at`: when it was seen last. */
export interface ToldFact {
  key: string;
  tone: Tone;
  name: string;
  words: string;
  at: number | undefined;
  lines: readonly string[];
}

export type ReasonText = (code: string) => { short: string; long: string };

export const worstFirst = (facts: readonly ToldFact[]): readonly ToldFact[] =>
  facts.toSorted((a, b) => toneRank[a.tone] - toneRank[b.tone]);
