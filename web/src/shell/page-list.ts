/** A page of the bar: the bar, the palette, the shortcuts and their list all read this one table. */
export interface PageEntry {
  to: string;
  word: string;
  /** The key that follows "g". */
  key: string;
}

export const pages: readonly PageEntry[] = [
  { to: "/", word: "Now", key: "n" },
  { to: "/nodes", word: "Nodes", key: "o" },
  { to: "/validators", word: "Validators", key: "v" },
  { to: "/incidents", word: "Incidents", key: "i" },
  { to: "/alerts", word: "Alerts", key: "a" },
  { to: "/on-call", word: "On call", key: "c" },
  { to: "/audit", word: "Audit", key: "u" },
  { to: "/settings", word: "Settings", key: "s" },
];
