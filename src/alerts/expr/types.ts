import type { Matcher } from "./matcher.ts";

export const comparisons = [">=", "<=", "==", "!=", ">", "<"] as const;
export type Comparison = (typeof comparisons)[number];

/** Facts of one name, held against a number. */
export interface Compare {
  kind: "compare";
  fact: string;
  matchers: readonly Matcher[];
  /** Applied to the fact before it is compared. */
  arithmetic?: { op: "+" | "-" | "*" | "/"; by: number };
  op: Comparison;
  limit: number;
  /** Where the fact's name stands in the text, from 0. */
  position: number;
}

export type Expr = Compare | { kind: "and" | "or" | "unless"; left: Expr; right: Expr };

/** Every comparison of a condition, from left to right. */
export function comparesOf(expr: Expr): Compare[] {
  return expr.kind === "compare" ? [expr] : [...comparesOf(expr.left), ...comparesOf(expr.right)];
}
