import { ApiFailure } from "../live/api.ts";
import { Notice } from "../parts/notice.tsx";

/** A part before its first data: what it waits for, or why it cannot be read and whether it is tried again. */
export function WaitForPart({ what, failure }: { what: string; failure: Error | null }) {
  if (failure === null) return <Notice tone="wait" title={`Reading ${what}…`} role="status" />;
  const isFinal = failure instanceof ApiFailure && [401, 403, 404].includes(failure.status);
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return (
    <Notice tone="bad" title={`${name} cannot be read.`} role="alert">
      {failure.message}
      {!isFinal && " Trying again by itself."}
    </Notice>
  );
}
