import { useEffect, useEffectEvent } from "react";

/** A sequence such as "g n" waits this long for its second key. */
const sequenceMs = 1_200;

interface Table {
  find(key: string): (() => void) | undefined;
  begins(prefix: string): boolean;
}

/** The frame's table and the page's. One listener reads them all, so that "g a" of the one is never "a" of the other. */
const tables = new Set<Table>();
let listening: AbortController | undefined;

/** Keys are "x", "g n" (one after the other) or "mod k" (⌘ or Ctrl). Nothing fires while a person types or a dialog is open. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  const find = useEffectEvent((key: string) => (Object.hasOwn(keys, key) ? keys[key] : undefined));
  const begins = useEffectEvent((prefix: string) => Object.keys(keys).some((key) => key.startsWith(`${prefix} `)));
  useEffect(() => {
    const table: Table = { find: (key) => find(key), begins: (prefix) => begins(prefix) };
    tables.add(table);
    listening ??= listen();
    return () => {
      tables.delete(table);
      if (tables.size > 0) return;
      listening?.abort();
      listening = undefined;
    };
  }, []);
}

function listen(): AbortController {
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
    prefix = undefined;
    // The second key of a sequence is not a key of its own, whether there is such a sequence or not.
    if (before !== undefined ? run(`${before} ${event.key}`) : run(event.key)) event.preventDefault();
    else if (before === undefined && [...tables].some((table) => table.begins(event.key)))
      prefix = { key: event.key, at: event.timeStamp };
  };
  addEventListener("keydown", onKey, { signal: listening.signal });
  return listening;
}

function run(key: string): boolean {
  const action = [...tables].reduce<(() => void) | undefined>((found, table) => found ?? table.find(key), undefined);
  action?.();
  return action !== undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
