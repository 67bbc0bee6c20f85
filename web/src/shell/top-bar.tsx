import { Link } from "@tanstack/react-router";
import { Button } from "../parts/button.tsx";
import { ClockFace, EpochRuler } from "./epoch-ruler.tsx";
import { ConnectionMark } from "./connection-mark.tsx";
import { Mark } from "./mark.tsx";
import { PageLinks } from "./page-links.tsx";
import { WhoAmI } from "../parts/who-am-i.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import styles from "./top-bar.module.css";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

export function TopBar({ onPalette, onShortcuts }: { onPalette: () => void; onShortcuts: () => void }) {
  return (
    <header className={styles.bar}>
      <div className={styles.row}>
        <Link to="/" className={styles.name} aria-label="Slotkeeper">
          <Mark />
          <span className={styles.wordmark}>Slotkeeper</span>
        </Link>
        <div className={styles.pages}>
          <PageLinks />
        </div>
        <div className={styles.state}>
          <ConnectionMark />
        </div>
        <div className={styles.clock}>
          <ClockFace />
        </div>
        <div className={styles.tools}>
          <Button
            kind="bare"
            onClick={onPalette}
            aria-label="Find a page, a node, a validator or an incident"
            title="Find a page, a node, a validator or an incident"
          >
            <svg className={styles.lens} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6zM10.5 10.5l3.5 3.5" />
            </svg>
            <span className={styles.toolWord}>
              <kbd>{isMac ? "⌘" : "Ctrl"} K</kbd>
            </span>
          </Button>
          <span className={styles.keysTool}>
            <Button kind="bare" onClick={onShortcuts} aria-label="Keyboard shortcuts" title="Keyboard shortcuts">
              <kbd>?</kbd>
            </Button>
          </span>
          <ThemeSwitch />
          <WhoAmI />
        </div>
      </div>
      <EpochRuler />
    </header>
  );
}
