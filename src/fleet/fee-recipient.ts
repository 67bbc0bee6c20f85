import { createHash, getHashes } from "node:crypto";

const hasKeccak = getHashes().includes("keccak-256");

/** Says what is wrong with an execution address, or `undefined`: shape, the zero address, and EIP-55 where letters are mixed. */
export function checkFeeRecipient(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return "is not an address: it must be 0x and 40 hex digits";
  if (/^0x0{40}$/.test(text)) return "is the zero address: rewards sent there are lost";
  const digits = text.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (isMixed && hasKeccak && checksummed(digits) !== digits)
    return "has a wrong checksum (EIP-55): at least one digit was mistyped";
  return undefined;
}

/** EIP-55: a letter is upper case where the same digit of the keccak-256 of the lower-case address is 8 or more. */
function checksummed(digits: string): string {
  const lower = digits.toLowerCase();
  const hash = createHash("keccak-256").update(lower).digest("hex");
  return [...lower].map((digit, i) => (parseInt(hash[i] ?? "0", 16) >= 8 ? digit.toUpperCase() : digit)).join("");
}
