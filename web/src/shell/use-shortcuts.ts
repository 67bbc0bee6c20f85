import { useEffect, useEffectEvent } from "react";

/** A sequence such as "g n" waits this long for its second key. */
const sequenceMs = 1_200;

/** Keys are "x", "g n" (one after the other) or "mod k" (⌘ or Ctrl). Nothing fires while a person types or a dialog is open. */
export function useShortcuts(table: Readonly<Record<string, () => void>>): void {
  const run = useEffectEvent((key: string): boolean => {
    const action = table[key];
    action?.();
    return action !== undefined;
  });
  useEffect(() => {
    const listening = new AbortController();
    let prefix: { key: string; at: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      if (event.metaKey || event.ctrlKey) {
        if (run(`mod ${event.key.toLowerCase()}`)) event.preventDefault();
        return;
      }
      if (isTyping(event.target) || document.querySelector("[data-dialog-shade]") !== null) return;
      const before = prefix !== undefined && event.timeStamp - prefix.at < sequenceMs ? prefix.key : undefined;
      prefix = { key: event.key, at: event.timeStamp };
      if ((before !== undefined && run(`${before} ${event.key}`)) || run(event.key)) {
        prefix = undefined;
        event.preventDefault();
      }
    };
    addEventListener("keydown", onKey, { signal: listening.signal });
    return () => listening.abort();
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
