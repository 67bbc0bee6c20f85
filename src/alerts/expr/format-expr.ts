import { formatMatcher } from "./matcher.ts";
import type { Expr } from "./types.ts";

/** A condition as text that reads back as the same condition. */
export function formatExpr(expr: Expr): string {
  if (expr.kind === "compare") {
    const { fact, matchers, arithmetic, op, limit } = expr;
    const selector = matchers.length === 0 ? fact : `${fact}{${matchers.map(formatMatcher).join(", ")}}`;
    const left = arithmetic ? `${selector} ${arithmetic.op} ${formatNumber(arithmetic.by)}` : selector;
    return `${left} ${op} ${formatNumber(limit)}`;
  }
  return `${bracketed(expr.left)} ${expr.kind} ${bracketed(expr.right)}`;
}

function bracketed(expr: Expr): string {
  return expr.kind === "compare" ? formatExpr(expr) : `(${formatExpr(expr)})`;
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? "0" : String(value);
}
