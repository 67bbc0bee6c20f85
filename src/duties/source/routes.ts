import { z } from "zod";
import { flag, root, uint } from "../../beacon/field-decoders.ts";
import {
  acceptSszOrJson,
  defineRoute,
  type AnswerFacts,
  type BytesRoute,
  type DecodeResult,
} from "../../beacon/route.ts";
import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { forkAt } from "../../chain/fork-at.ts";
import { epochAtSlot } from "../../chain/slot-clock.ts";
import { forkNames, type ForkName } from "../../chain/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { BlockFacts } from "../types.ts";
import { decodeBlockJson, slotOfBlockJson } from "./decode-block-json.ts";
import { decodeBlockSsz, slotOfSignedBlock } from "./decode-block-ssz.ts";
import { asObject, asUint, hexIn, listIn, parseObject, uintIn, type JsonObject } from "./json-fields.ts";
import type { HttpDutySourceOptions } from "./types.ts";

/** A block of the full gas limit is below 10 MB as SSZ, and twice that as JSON. */
const blockMaxBytes = 32 * 1024 * 1024;

export const headersBySlot = defineRoute(
  { operationId: "getBlockHeaders", path: "/eth/v1/beacon/headers", maxBytes: 256 * 1024 },
  z
    .array(z.object({ root, canonical: flag, header: z.object({ message: z.object({ slot: uint }) }) }))
    .transform((headers) =>
      headers.map((one) => ({ root: one.root, isCanonical: one.canonical, slot: one.header.message.slot })),
    ),
);

export const syncCommitteeOfState = defineRoute(
  {
    operationId: "getEpochSyncCommittees",
    path: "/eth/v1/beacon/states/{state_id}/sync_committees",
    maxBytes: 512 * 1024,
  },
  z.object({ validators: z.array(uint).min(1).max(8192) }).transform(({ validators }) => Uint32Array.from(validators)),
);

export const blockRewards = defineRoute(
  { operationId: "getBlockRewards", path: "/eth/v1/beacon/rewards/blocks/{block_id}" },
  z.object({ total: uint }).transform(({ total }) => total),
);

/** Whose turn each slot of an epoch is. */
export interface ProposerDuties {
  dependentRoot: string | undefined;
  indices: readonly number[];
}

/** `version` 2 names the block that decides proposers from Fulu on; 1 is for older nodes. */
export function proposerDuties(version: 1 | 2, epoch: number, slotsPerEpoch: number): BytesRoute<ProposerDuties> {
  return {
    operationId: version === 2 ? "getProposerDutiesV2" : "getProposerDuties",
    method: "GET",
    path: `/eth/v${version}/validator/duties/proposer/{epoch}`,
    maxBytes: 512 * 1024,
    decode(body) {
      const json = parseObject(body);
      const indices = new Array<number>(slotsPerEpoch).fill(-1);
      for (const item of listIn(json, "data")) {
        const duty = asObject(item, "data");
        const place = uintIn(duty, "slot") - epoch * slotsPerEpoch;
        if (indices[place] !== -1)
          return { ok: false, problem: `slot ${uintIn(duty, "slot")} is not due once in epoch ${epoch}` };
        indices[place] = asUint(duty["validator_index"], "validator_index");
      }
      const missing = indices.indexOf(-1);
      if (missing >= 0) return { ok: false, problem: `nobody for slot ${epoch * slotsPerEpoch + missing}` };
      const dependentRoot = typeof json["dependent_root"] === "string" ? hexIn(json, "dependent_root", 32) : undefined;
      return { ok: true, value: { dependentRoot, indices }, ...flagsOf(json) };
    },
  };
}

/** `GET /eth/v2/beacon/blocks/{block_id}`, asked for by its root, as SSZ where the node gives it. */
export function signedBlock(
  blockRoot: string,
  sizes: BlockSizes,
  spec: HttpDutySourceOptions["spec"],
): BytesRoute<BlockFacts> {
  return {
    operationId: "getBlockV2",
    method: "GET",
    path: "/eth/v2/beacon/blocks/{block_id}",
    maxBytes: blockMaxBytes,
    accept: acceptSszOrJson,
    decode(body, answer): DecodeResult<BlockFacts> {
      if (answer.isSsz) {
        const fork = forkOf(answer, undefined, () => slotOfSignedBlock(body) ?? 0, spec);
        return { ok: true, value: decodeBlockSsz(body, fork, sizes, blockRoot) };
      }
      const json = parseObject(body);
      const fork = forkOf(answer, json["version"], () => slotOfBlockJson(json["data"]), spec);
      return { ok: true, value: decodeBlockJson(json["data"], fork, sizes, blockRoot), ...flagsOf(json) };
    },
  };
}

/** What the node says, else the fork schedule. Throws AppError for a fork that this version cannot read. */
function forkOf(
  answer: AnswerFacts,
  version: unknown,
  slot: () => number,
  spec: HttpDutySourceOptions["spec"],
): ForkName {
  const named = answer.version ?? (typeof version === "string" ? version.toLowerCase() : undefined);
  const name = named ?? forkAt(spec, epochAtSlot(spec, slot()))?.name;
  const fork = forkNames.find((known) => known === name);
  if (fork !== undefined) return fork;
  throw new AppError(
    `a block of fork ${String(name).slice(0, 40)}, whose format this version does not know: upgrade Slotkeeper`,
    {
      code: "fork-unmodelled",
    },
  );
}

function flagsOf(json: JsonObject): { finalized?: boolean; executionOptimistic?: boolean } {
  const { finalized, execution_optimistic: executionOptimistic } = json;
  return {
    ...(typeof finalized === "boolean" && { finalized }),
    ...(typeof executionOptimistic === "boolean" && { executionOptimistic }),
  };
}
