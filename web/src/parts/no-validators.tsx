import { Notice } from "./notice.tsx";

/** Quiet: a set-up that only guards beacon nodes is whole without validators. */
export function NoValidators() {
  return (
    <Notice tone="aside" title="No validator is watched.">
      Name some under `validators` in slotkeeper.yaml, by key or index, from a file, or from a validator client: their
      duties then show here.
    </Notice>
  );
}
