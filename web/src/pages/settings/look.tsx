import { chooseTheme, themeChoices, useThemeChoice } from "../../live/theme.ts";
import { localZone } from "../../model/format.ts";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./settings-page.module.css";

/** The theme, which lasts in this browser, and the zone in which times are shown. */
export function Look() {
  const chosen = useThemeChoice();
  return (
    <Section title="Look">
      <div className={styles.body}>
        <span>Theme</span>
        <div className={styles.chips} role="group" aria-label="Theme">
          {themeChoices.map((theme) => (
            <Button key={theme} aria-pressed={theme === chosen} onClick={() => chooseTheme(theme)}>
              {theme}
            </Button>
          ))}
        </div>
        <span className={styles.words}>Times in UTC and in {localZone}, the zone of this browser.</span>
      </div>
    </Section>
  );
}
