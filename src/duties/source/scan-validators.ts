import {
  fieldNames,
  malformed,
  readAnswer,
  readFields,
  readFlag,
  readHex,
  readHexHead,
  readItems,
  readOneOf,
  readPlainText,
  readUint,
  type JsonCursor,
} from "../../beacon/json-bytes.ts";
import type { DecodeResult } from "../../beacon/route.ts";
import type { ValidatorRecord } from "../types.ts";

/** As beacon-APIs names them. */
export const validatorStatuses = [
  "pending_initialized",
  "pending_queued",
  "active_ongoing",
  "active_exiting",
  "active_slashed",
  "exited_unslashed",
  "exited_slashed",
  "withdrawal_possible",
  "withdrawal_done",
] as const;

/** The commonest first: it is tried first. */
const statusesByUse = ["active_ongoing", ...validatorStatuses.filter((status) => status !== "active_ongoing")];
const statusNames = fieldNames(...statusesByUse);

const fields = fieldNames("index", "balance", "status", "validator");
const innerFields = fieldNames(
  "pubkey",
  "withdrawal_credentials",
  "effective_balance",
  "slashed",
  "activation_epoch",
  "exit_epoch",
);

/** Reads `states/{state_id}/validators` from its bytes (460 of them for each validator), keeping the records of `isWanted`. */
export function scanValidators(
  bytes: Buffer,
  isWanted: (record: ValidatorRecord) => boolean,
): DecodeResult<ValidatorRecord[]> {
  return readAnswer(bytes, (cursor) => {
    const records: ValidatorRecord[] = [];
    readItems(cursor, () => {
      const record = readRecord(cursor);
      if (isWanted(record)) records.push(record);
    });
    return records;
  });
}

function readRecord(cursor: JsonCursor): ValidatorRecord {
  let index = -1;
  let balance = -1;
  let status = "";
  let pubkey = "";
  let credentialType = -1;
  let effectiveBalance = -1;
  let slashed: boolean | undefined;
  let activationEpoch = -1;
  let exitEpoch = -1;
  readFields(cursor, fields, (field) => {
    if (field === 0) index = readUint(cursor);
    else if (field === 1) balance = readUint(cursor);
    else if (field === 2) {
      status = statusesByUse[readOneOf(cursor, statusNames)] ?? readPlainText(cursor, 40);
    } else
      readFields(cursor, innerFields, (inner) => {
        if (inner === 0) pubkey = readHex(cursor, 48);
        else if (inner === 1) credentialType = readHexHead(cursor, 32);
        else if (inner === 2) effectiveBalance = readUint(cursor);
        else if (inner === 3) slashed = readFlag(cursor);
        else if (inner === 4) activationEpoch = readUint(cursor, false);
        else exitEpoch = readUint(cursor, false);
      });
  });
  const isWhole =
    Math.min(index, balance, effectiveBalance, activationEpoch, exitEpoch, credentialType) >= 0 &&
    status !== "" &&
    pubkey !== "" &&
    slashed !== undefined;
  if (!isWhole || slashed === undefined) throw malformed(cursor, "a whole validator before this place");
  return {
    index,
    pubkey,
    status,
    balance,
    effectiveBalance,
    slashed,
    activationEpoch: orNever(activationEpoch),
    exitEpoch: orNever(exitEpoch),
    credentialType,
  };
}

/** FAR_FUTURE_EPOCH, 2^64-1, means never. */
function orNever(epoch: number): number | undefined {
  return epoch > Number.MAX_SAFE_INTEGER ? undefined : epoch;
}
