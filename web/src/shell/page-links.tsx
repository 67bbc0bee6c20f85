import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useRespondNow } from "../live/respond-queries.ts";
import { plural } from "../model/format.ts";
import { pages } from "./page-list.ts";
import styles from "./page-links.module.css";

/** Links to all pages in one line; where there is no room for it, it scrolls sideways by itself to the page that is open. */
export function PageLinks() {
  const line = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  useEffect(() => {
    const nav = line.current;
    const active = nav?.querySelector<HTMLElement>('[data-status="active"]');
    if (nav && active) nav.scrollLeft = active.offsetLeft - (nav.clientWidth - active.offsetWidth) / 2;
  }, [path]);
  return (
    <nav ref={line} className={styles.nav} aria-label="Pages">
      {pages.map(({ to, word }) => (
        <Link key={to} to={to} className={styles.link} activeOptions={{ exact: to === "/", includeSearch: false }}>
          {word}
          {to === "/incidents" && <OpenCount />}
        </Link>
      ))}
    </nav>
  );
}

/** How many incidents are open: nothing where none is. */
function OpenCount() {
  const open = useRespondNow()?.openIncidents.length ?? 0;
  if (open === 0) return null;
  return (
    <span className={styles.count} title={`${plural(open, "incident")} open`}>
      <span aria-hidden="true">{open}</span> <span className="only-heard">{open} open</span>
    </span>
  );
}
