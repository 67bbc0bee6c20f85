import { Outlet, useMatches, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { chooseTheme, themeChoices, useThemeChoice } from "../live/theme.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { DataAge } from "./data-age.tsx";
import { DeclareContext } from "./declare-context.ts";
import { DeclareDialog } from "./declare-dialog.tsx";
import { pages } from "./page-list.ts";
import { Palette } from "./palette.tsx";
import { ShortcutList } from "./shortcut-list.tsx";
import { TabMark } from "./tab-mark.tsx";
import { TopBar } from "./top-bar.tsx";
import styles from "./shell.module.css";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** A page for somebody without a login: it stands alone, without bar, palette and live data. */
    isBare?: boolean;
  }
}

/** What stands around a page. */
export function Shell() {
  const isBare = useMatches({ select: (matches) => matches.some(({ staticData }) => staticData.isBare === true) });
  if (!isBare) return <Frame />;
  return (
    <main id="main" className={styles.main}>
      <Outlet />
    </main>
  );
}

/** Skip link, top bar with the epoch ruler, notice of stale data, palette, shortcut list and the dialog that declares. */
function Frame() {
  const navigate = useNavigate();
  const theme = useThemeChoice();
  const [opened, setOpened] = useState<"palette" | "shortcuts" | "declare">();
  const close = () => setOpened(undefined);
  const declare = () => setOpened("declare");
  useShortcuts({
    ...Object.fromEntries(pages.map(({ to, key }) => [`g ${key}`, () => void navigate({ to })])),
    d: declare,
    t: () => chooseTheme(themeChoices[(themeChoices.indexOf(theme) + 1) % themeChoices.length] ?? "system"),
    "?": () => setOpened("shortcuts"),
    "mod k": () => setOpened((before) => (before === "palette" ? undefined : "palette")),
  });
  return (
    <DeclareContext value={declare}>
      <TabMark />
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <TopBar onPalette={() => setOpened("palette")} onShortcuts={() => setOpened("shortcuts")} />
      <DataAge />
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <Palette
        isOpen={opened === "palette"}
        onClose={close}
        onShortcuts={() => setOpened("shortcuts")}
        onDeclare={declare}
      />
      <ShortcutList isOpen={opened === "shortcuts"} onClose={close} />
      <DeclareDialog isOpen={opened === "declare"} onClose={close} />
    </DeclareContext>
  );
}
