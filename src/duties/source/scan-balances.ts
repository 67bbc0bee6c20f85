import { fieldNames, malformed, readAnswer, readFields, readItems, readUint } from "../../beacon/json-bytes.ts";
import type { DecodeResult } from "../../beacon/route.ts";
import { AppError } from "../../lib/app-error.ts";

/** Calls `visit` with each validator's index and balance in gwei, in the node's order. */
type Visit = (index: number, balance: number) => void;

const fields = fieldNames("index", "balance");
const recordBytes = 16;

/** Reads `states/{state_id}/validator_balances` as JSON. */
export function scanBalancesJson(bytes: Buffer, visit: Visit): DecodeResult<undefined> {
  return readAnswer(bytes, (cursor) => {
    readItems(cursor, () => {
      let index = -1;
      let balance = -1;
      readFields(cursor, fields, (field) => {
        if (field === 0) index = readUint(cursor);
        else balance = readUint(cursor);
      });
      if (index < 0 || balance < 0) throw malformed(cursor, "index and balance before this place");
      visit(index, balance);
    });
    return undefined;
  });
}

/** Reads it as SSZ: a list of containers of two uint64, index and balance. */
export function scanBalancesSsz(bytes: Buffer, visit: Visit): DecodeResult<undefined> {
  if (bytes.length % recordBytes !== 0) return { ok: false, problem: `${bytes.length} bytes are no whole balances` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += recordBytes) visit(uint64(view, at), uint64(view, at + 8));
  return { ok: true, value: undefined };
}

function uint64(view: DataView, at: number): number {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  if (value > Number.MAX_SAFE_INTEGER)
    throw new AppError(`byte ${at}: an integer above 2^53`, { code: "answer-malformed" });
  return value;
}
