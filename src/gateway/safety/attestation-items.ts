import { isSsz } from "../http/media-type.ts";
import { readJsonAttestations } from "./attestations-json.ts";
import { readAttestationList, readSingles } from "./attestations-ssz.ts";
import type { AttestationItems } from "./vote.ts";

/** Reads a body, JSON or SSZ; `undefined` where it is neither a list of attestations before Electra nor one from Electra on. */
export function readAttestations(
  body: Buffer,
  contentType: string | undefined,
  consensusVersion: string | undefined,
): AttestationItems | undefined {
  if (!isSsz(contentType)) return readJsonAttestations(body);
  const isSingle =
    consensusVersion !== undefined && !/^(phase0|altair|bellatrix|capella|deneb)$/i.test(consensusVersion);
  return isSingle ? readSingles(body) : readAttestationList(body);
}
