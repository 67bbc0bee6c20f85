import { useSyncExternalStore } from "react";

/** Whether this page hears from the server; how old the data is, is a question of its own (`model/freshness.ts`). */
export type Connection =
  { kind: "connecting" } | { kind: "live"; sinceAt: number } | { kind: "lost"; sinceAt: number; attempts: number };

let connection: Connection = { kind: "connecting" };
const listeners = new Set<() => void>();

export function setConnection(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}

export const readConnection = (): Connection => connection;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useConnection = (): Connection => useSyncExternalStore(subscribe, readConnection);
