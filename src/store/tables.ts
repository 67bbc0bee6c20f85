import type { ColumnType, Generated } from "kysely";
import type { StoredInteger } from "./codec.ts";
import type { DutyTables } from "./duties/duty-tables.ts";
import type { OutboxTable } from "./outbox/outbox-table.ts";
import type { RespondTables } from "./respond-table.ts";

/** Written as a number, read as whatever the store gives for 64 bits. */
export type Integer = ColumnType<StoredInteger, number, number>;
export type OptionalInteger = ColumnType<StoredInteger | null, number | null, number | null>;
export type Id = Generated<StoredInteger>;

/** The tables as the queries see them; the migrations make them. Times are ms since the epoch. */
export interface Tables extends DutyTables, RespondTables {
  transitions: {
    id: Id;
    gateway: string;
    startedAt: Integer;
    seq: Integer;
    at: Integer;
    groupName: string;
    node: string | null;
    kind: string;
    fromState: string;
    toState: string;
    reason: string;
    detail: string;
  };
  ringGaps: { id: Id; gateway: string; stream: string; fromAt: Integer; toAt: Integer; lostCount: Integer };
  ringCursors: { gateway: string; stream: string; startedAt: Integer; afterSeq: Integer; readAt: Integer };
  history: {
    at: Integer;
    gateway: string;
    groupName: string;
    readyNodes: Integer;
    totalNodes: Integer;
    requestsPerSecond: number;
    failedRequests: Integer;
    headLagSlots: OptionalInteger;
    finalityDistanceEpochs: OptionalInteger;
  };
  users: {
    name: string;
    role: string;
    passwordHash: string;
    createdAt: Integer;
    passwordSetAt: Integer;
    disabledAt: OptionalInteger;
  };
  sessions: { hash: string; userName: string; createdAt: Integer; lastSeenAt: Integer; openedFrom: string };
  apiTokens: {
    id: string;
    name: string;
    hash: string;
    role: string;
    createdBy: string;
    createdAt: Integer;
    expiresAt: OptionalInteger;
    lastUsedAt: OptionalInteger;
  };
  audit: {
    id: Integer;
    at: Integer;
    actor: string;
    action: string;
    target: string;
    result: string;
    previousHash: string;
    hash: string;
  };
  drills: {
    id: string;
    gateway: string;
    groupName: string;
    node: string;
    kind: string;
    askedBy: string;
    askedAt: Integer;
    startedAt: Integer;
    liftedAt: Integer;
    endedAt: Integer;
    outcome: string;
    detectMs: OptionalInteger;
    switchMs: OptionalInteger;
    affected: Integer;
    failed: Integer;
    details: string;
  };
  outbox: OutboxTable;
  settings: { name: string; value: string; updatedAt: Integer };
}
