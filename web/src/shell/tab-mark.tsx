import { useEffect } from "react";
import { useSnapshot } from "../live/queries.ts";
import { useNow } from "../live/use-now.ts";
import { tabState } from "../model/tab-state.ts";
import type { Tone } from "../model/shown-state.ts";

/** Files, not data: URLs, which the Content-Security-Policy forbids. */
const icons: Partial<Record<Tone, string>> = {
  warn: "/mark-warn.svg",
  bad: "/mark-bad.svg",
  unknown: "/mark-unknown.svg",
};

/** The state in the tab's title and icon, for the tab that is not in front. Draws nothing. */
export function TabMark() {
  const { data } = useSnapshot();
  const { title, tone } = tabState(data, useNow());
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute("href", icons[tone] ?? "/mark.svg");
  }, [tone]);
  return null;
}
