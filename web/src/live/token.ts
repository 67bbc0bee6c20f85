const storageKey = "slotkeeper.token";

/** Stands in a token's place where this browser's session is the proof. */
export const sessionProof = "";

/** The API token lives as long as the tab: it is asked for when first needed and never written to disk. */
export function readToken(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(storageKey, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(storageKey);
}
