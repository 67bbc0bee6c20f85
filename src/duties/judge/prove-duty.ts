import { AppError } from "../../lib/app-error.ts";
import type { BlockFacts, DutyProof, EpochCommittees, EpochState } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import type { DutySpec } from "./duty-spec.ts";

export interface ProofInput {
  validatorIndex: number;
  epoch: number;
  state: EpochState;
  spec: DutySpec;
  committees: EpochCommittees;
  /** Canonical blocks of epochs N and N + 1, oldest first. */
  blocks: readonly BlockFacts[];
  chain: CanonicalView;
  isSlashed: boolean;
}

/** Every step by which a stranger can check one attestation duty. Pure. */
export function proveDuty(input: ProofInput): DutyProof {
  throw new AppError(`prove a duty of epoch ${input.epoch}: this build has no judge yet`, { code: "not-built" });
}
