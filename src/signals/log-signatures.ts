import type { LogSignature } from "./log-signature.ts";
import { consensusSignatures } from "./log-signatures-consensus.ts";
import { executionSignatures } from "./log-signatures-execution.ts";
import { validatorSignatures } from "./log-signatures-validator.ts";

/** Raised whenever a text changes: clients reword their logs, so that a result must say what it was matched against. */
export const logSignaturesVersion = 2;

/** Every known log line, worst kind of client first. */
export const logSignatures: readonly LogSignature[] = [
  ...validatorSignatures,
  ...consensusSignatures,
  ...executionSignatures,
];
