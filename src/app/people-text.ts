import type { ShownToken, ShownUser } from "../api/contract-access.ts";
import { textTable } from "./text-table.ts";

const instant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** Users as a table, by name. */
export function usersText(users: readonly ShownUser[]): string {
  if (users.length === 0) return "There is no user yet. Add one: slotkeeper user add NAME --role admin\n";
  const rows = users.map(({ name, role, createdAt, disabledAt }) => [
    ...[name, role, instant(createdAt), disabledAt === undefined ? "" : `disabled since ${instant(disabledAt)}`],
  ]);
  return lines([["name", "role", "since (UTC)", "state"], ...rows]);
}

/** Named tokens as a table, oldest first. */
export function tokensText(tokens: readonly ShownToken[], now: number): string {
  if (tokens.length === 0) return "There is no named token yet. Make one: slotkeeper token add NAME --role viewer\n";
  const rows = tokens.map(({ id, name, role, createdBy, expiresAt, lastUsedAt }) => [
    ...[id, name, role, createdBy],
    expiresAt === undefined ? "never" : `${instant(expiresAt)}${expiresAt <= now ? ", OVER" : ""}`,
    lastUsedAt === undefined ? "never" : instant(lastUsedAt),
  ]);
  return lines([["id", "name", "role", "made by", "ends (UTC)", "last used (UTC)"], ...rows]);
}

const lines = (rows: readonly (readonly string[])[]): string => `${textTable(rows).join("\n")}\n`;
