import {
  fieldNames,
  malformed,
  readAnswer,
  readFields,
  readInt,
  readItems,
  readUint,
  type JsonCursor,
} from "../../beacon/json-bytes.ts";
import type { DecodeResult } from "../../beacon/route.ts";
import type { AttestationReward } from "../types.ts";

type Ideal = NonNullable<AttestationReward["ideal"]>;

export interface ScannedRewards {
  /** By effective balance in gwei. */
  ideal: Map<number, Ideal>;
  total: Omit<AttestationReward, "ideal">[];
}

const sections = fieldNames("ideal_rewards", "total_rewards");
const idealFields = fieldNames("effective_balance", "head", "target", "source", "inactivity");
const totalFields = fieldNames("validator_index", "head", "target", "source", "inactivity");
const syncFields = fieldNames("validator_index", "reward");

/** Reads `rewards/attestations/{epoch}` from its bytes: 100 for each validator that was asked for. */
export function scanAttestationRewards(bytes: Buffer): DecodeResult<ScannedRewards> {
  return readAnswer(bytes, (cursor) => {
    const ideal = new Map<number, Ideal>();
    const total: ScannedRewards["total"] = [];
    let seen = 0;
    readFields(cursor, sections, (section) => {
      seen |= 1 << section;
      readItems(cursor, () => {
        const { key, head, target, source, inactivity } = readParts(cursor, section === 0 ? idealFields : totalFields);
        if (section === 0) ideal.set(key, { head, target, source });
        else total.push({ index: key, head, target, source, inactivity });
      });
    });
    if (seen !== 3) throw malformed(cursor, "ideal_rewards and total_rewards before this place");
    return { ideal, total };
  });
}

/** Reads `rewards/sync_committee/{block_id}`: gwei by validator. A validator with several seats may come several times. */
export function scanSyncRewards(bytes: Buffer): DecodeResult<Map<number, number>> {
  return readAnswer(bytes, (cursor) => {
    const rewards = new Map<number, number>();
    readItems(cursor, () => {
      let index = -1;
      let reward: number | undefined;
      readFields(cursor, syncFields, (field) => {
        if (field === 0) index = readUint(cursor);
        else reward = readInt(cursor);
      });
      if (index < 0 || reward === undefined) throw malformed(cursor, "validator_index and reward before this place");
      rewards.set(index, (rewards.get(index) ?? 0) + reward);
    });
    return rewards;
  });
}

/** `inactivity` came later than the rest: nodes that do not name it name no leak either. */
function readParts(cursor: JsonCursor, names: readonly Buffer[]) {
  let key = -1;
  let head: number | undefined;
  let target: number | undefined;
  let source: number | undefined;
  let inactivity = 0;
  readFields(cursor, names, (field) => {
    if (field === 0) key = readUint(cursor);
    else if (field === 1) head = readInt(cursor);
    else if (field === 2) target = readInt(cursor);
    else if (field === 3) source = readInt(cursor);
    else inactivity = readInt(cursor);
  });
  if (key < 0 || head === undefined || target === undefined || source === undefined)
    throw malformed(cursor, "head, target and source before this place");
  return { key, head, target, source, inactivity };
}
