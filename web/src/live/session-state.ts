import { useSyncExternalStore } from "react";
import type { Role } from "../../../src/access/roles.ts";

/** Who uses this page, as far as its browser's session tells. `isLoginNeeded`: not even reading is free. */
export type Session =
  | { kind: "unknown" }
  | { kind: "nobody"; isLoginNeeded: boolean }
  | { kind: "user"; name: string; role: Role; csrf: string };

let session: Session = { kind: "unknown" };
const listeners = new Set<() => void>();

export const readSession = (): Session => session;

export function setSession(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** Returns the unsubscribe. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSession = (): Session => useSyncExternalStore(onSession, readSession);
