import { hash } from "node:crypto";

/** Names a request body: the same for the same JSON however it is spaced. The order of a list is kept: answers follow it. */
export function bodyName(body: Buffer, isJson: boolean): string {
  return hash("sha256", isJson ? withoutSpaces(body) : body, "base64url");
}

/** JSON without the white space between its parts (RFC 8259, 2); the very buffer where there is none. */
export function withoutSpaces(body: Buffer): Buffer {
  let isInString = false;
  let kept: Buffer | undefined;
  let length = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] as number;
    if (byte === 0x22) isInString = !isInString;
    else if (byte === 0x5c && isInString) {
      if (kept) kept[length] = byte;
      length++;
      i++;
    } else if (!isInString && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) {
      kept ??= Buffer.from(body);
      continue;
    }
    if (kept && i < body.length) kept[length] = body[i] as number;
    length++;
  }
  return kept ? kept.subarray(0, Math.min(length, kept.length)) : body;
}
