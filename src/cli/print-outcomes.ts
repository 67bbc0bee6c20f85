import type { Outcome } from "../app/tell-gateways.ts";

/** Prints what came of a command; 1 where any part of it failed. */
export async function printOutcomes(outcomes: readonly Outcome[], isJson: boolean | undefined): Promise<void> {
  const { outcomeLines } = await import("../app/tell-gateways.ts");
  const text = isJson ? JSON.stringify({ outcomes }, undefined, 2) : outcomeLines(outcomes).join("\n");
  process.stdout.write(`${text}\n`);
  if (outcomes.some(({ isDone }) => !isDone)) process.exitCode = 1;
}
