import type { Id, Integer } from "./tables.ts";

/** Open things and past ones of alarms and incidents. */
export interface RespondTables {
  respondRows: { kind: string; key: string; doc: string; isOpen: Integer; at: Integer };
  alertEvents: { id: Id; fingerprint: string; alert: string; kind: string; at: Integer; doc: string };
  timeline: { id: string; reference: string; at: Integer; kind: string; author: string; text: string };
}
