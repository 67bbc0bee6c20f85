import type { ControlProvider } from "../../control/provider.ts";
import { AppError } from "../../lib/app-error.ts";

/** What may be asked at any time; ending a fault is safe at any time too. */
const always: ReadonlySet<string> = new Set<keyof ControlProvider>([
  ...(["status", "transitions", "evidence", "onChange", "onTransition", "metrics", "health", "stopFault"] as const),
]);

/**
 * The provider, except that what changes something throws `AppError` `upgrading` while the gateway is being replaced: what
 * the old process acknowledged after the new one read its files would be lost.
 */
export function refuseChanges(provider: ControlProvider, isReplaced: () => boolean): ControlProvider {
  const guarded = Object.entries(provider).map(([name, call]: [string, (...args: unknown[]) => unknown]) => {
    if (always.has(name)) return [name, call];
    const refusing = (...args: unknown[]): unknown => {
      if (!isReplaced()) return call(...args);
      throw new AppError(
        "change something at this gateway: it is being upgraded, nothing was changed. Try again in a few seconds.",
        {
          code: "upgrading",
          retryable: true,
        },
      );
    };
    return [name, refusing];
  });
  return Object.fromEntries(guarded) as ControlProvider;
}
