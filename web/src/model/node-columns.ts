import type { SortKey } from "./node-list.ts";

export interface NodeColumn {
  id:
    | "node"
    | "state"
    | "why"
    | "head"
    | "delay"
    | "peers"
    | "latency"
    | "el"
    | "stream"
    | "client"
    | "place"
    | "priority"
    | "hour";
  title: string;
  sort?: SortKey;
  isNumber?: true;
  /** Left out on pages narrower than this; the details of a node have everything at any width. */
  fromWidth?: "medium" | "wide" | "widest";
}

const columns: readonly NodeColumn[] = [
  { id: "node", title: "Node", sort: "name" },
  { id: "state", title: "State", sort: "state" },
  { id: "why", title: "Reason" },
  { id: "head", title: "Head", sort: "lag", isNumber: true },
  { id: "delay", title: "Delay", sort: "delay", isNumber: true, fromWidth: "medium" },
  { id: "peers", title: "Peers", sort: "peers", isNumber: true },
  { id: "latency", title: "Latency", sort: "latency", isNumber: true },
  { id: "el", title: "EL" },
  { id: "stream", title: "Events", fromWidth: "wide" },
  { id: "client", title: "Client", fromWidth: "medium" },
  { id: "place", title: "Where", fromWidth: "widest" },
  { id: "priority", title: "Prio", sort: "order", isNumber: true, fromWidth: "medium" },
  { id: "hour", title: "Last hour" },
];

export type PageWidth = "narrow" | "medium" | "wide" | "widest";
const widths: readonly PageWidth[] = ["narrow", "medium", "wide", "widest"];

/** Columns for a page's width; a solo operator has no use for providers and regions. */
export function nodeColumns(width: PageWidth, profile: "solo" | "scaled"): readonly NodeColumn[] {
  const rank = widths.indexOf(width);
  return columns.filter(
    ({ id, fromWidth }) => widths.indexOf(fromWidth ?? "narrow") <= rank && (id !== "place" || profile === "scaled"),
  );
}
