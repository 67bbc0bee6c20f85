import { createHash, createHmac, randomBytes } from "node:crypto";

/** 256 random bits, fit for a cookie, a header and a link. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What is kept of a secret: whoever reads the database can use none. Random bits need no slow hash. */
export const secretHash = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** What a page must send beside the session's cookie, which another site's page cannot know. */
export const csrfOf = (sessionSecret: string): string =>
  createHmac("sha256", sessionSecret).update("csrf").digest("base64url");
