import { deflateRawSync, inflateRawSync } from "node:zlib";
import { AppError } from "../../lib/app-error.ts";

/** Far over what an epoch has: evidence of a million exceptions. */
const maxLength = 2 ** 28;

/** Texts of one epoch repeat each other: as JSON, deflated. */
export function packJson(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value), { level: 6 });
}

/** `what`: for the message, "the slots of epoch 12". Throws `AppError` `store-damaged`. */
export function unpackJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(inflateRawSync(bytes, { maxOutputLength: maxLength }).toString("utf8"));
  } catch (cause) {
    throw new AppError(`read ${what} from the store: the stored bytes are damaged. Check the disk; restore a backup.`, {
      code: "store-damaged",
      cause,
    });
  }
}
