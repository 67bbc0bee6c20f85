import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { chooseTheme, themeChoices, useThemeChoice } from "../live/theme.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { DataAge } from "./data-age.tsx";
import { Palette } from "./palette.tsx";
import { ShortcutList } from "./shortcut-list.tsx";
import { TabMark } from "./tab-mark.tsx";
import { TopBar } from "./top-bar.tsx";
import styles from "./shell.module.css";

/** Frame of every page: skip link, top bar with the epoch ruler, notice of stale data, palette and shortcut list. */
export function Shell() {
  const navigate = useNavigate();
  const theme = useThemeChoice();
  const [opened, setOpened] = useState<"palette" | "shortcuts">();
  const close = () => setOpened(undefined);
  useShortcuts({
    "g n": () => void navigate({ to: "/" }),
    "g o": () => void navigate({ to: "/nodes" }),
    "g v": () => void navigate({ to: "/validators" }),
    t: () => chooseTheme(themeChoices[(themeChoices.indexOf(theme) + 1) % themeChoices.length] ?? "system"),
    "?": () => setOpened("shortcuts"),
    "mod k": () => setOpened((before) => (before === "palette" ? undefined : "palette")),
  });
  return (
    <>
      <TabMark />
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <TopBar onPalette={() => setOpened("palette")} onShortcuts={() => setOpened("shortcuts")} />
      <DataAge />
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <Palette isOpen={opened === "palette"} onClose={close} onShortcuts={() => setOpened("shortcuts")} />
      <ShortcutList isOpen={opened === "shortcuts"} onClose={close} />
    </>
  );
}
