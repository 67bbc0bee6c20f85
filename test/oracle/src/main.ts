import { createInterface } from "node:readline";
import { buildChain } from "./build-chain.ts";
import type { ChainRequest } from "./chain-truth.ts";

/** One request a line in, one answer a line out: `{"truth": …}` or `{"error": …}`. The preset is `LODESTAR_PRESET`. */
for await (const line of createInterface({ input: process.stdin })) {
  let answer: unknown;
  try {
    answer = { truth: buildChain(JSON.parse(line) as ChainRequest) };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
