import { InvalidArgumentError } from "commander";

/** An epoch as it is written; far below 2^40 for as long as anybody will run this. */
export function parseEpoch(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError("write the number of an epoch, such as 412000");
  return Number(text);
}

/** A count from 1 up to `most`. */
export const parseUpTo =
  (most: number) =>
  (text: string): number => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most) throw new InvalidArgumentError(`write a whole number from 1 to ${most}`);
    return count;
  };
