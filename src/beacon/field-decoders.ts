import { z } from "zod";

/** An unsigned integer as the Beacon API sends it (a decimal string), or as a number, which some nodes send instead. */
export const uint = z
  .union([
    z
      .string()
      .regex(/^\d{1,20}$/)
      .transform(Number),
    z.number().int().nonnegative(),
  ])
  .describe("an unsigned integer");

/** A flag; some nodes send it as a string. */
export const flag = z.union([
  z.boolean(),
  z.literal("true").transform(() => true),
  z.literal("false").transform(() => false),
]);

/** A flag that older nodes leave out: absent or null is unknown, never false. */
export const maybeFlag = flag.nullish().transform((value) => value ?? undefined);

/** A 32-byte root, made lower case so that roots compare as text. */
export const root = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((value) => value.toLowerCase());

/** A 4-byte fork version. */
export const forkVersion = z
  .string()
  .regex(/^0x[0-9a-fA-F]{8}$/)
  .transform((value) => value.toLowerCase());

/** Text of a node that people will read: cut to a length that fits a line, control characters removed. */
export const shortText = z.string().transform((value) => value.replace(/\p{Cc}/gu, " ").slice(0, 200));
