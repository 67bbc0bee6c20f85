import { Notice } from "../parts/notice.tsx";

/** The page before its first data: what it waits for, and what to look at if that does not come. */
export function WaitForData({ failure }: { failure: Error | null }) {
  if (failure === null) return <Notice tone="wait" title="Reading the state of your nodes…" role="status" />;
  return (
    <Notice tone="bad" title="The state of your nodes cannot be read." role="alert">
      {failure.message} Trying again by itself. On the host, `slotkeeper status` shows the same facts.
    </Notice>
  );
}
