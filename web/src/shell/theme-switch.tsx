import { chooseTheme, themeChoices, useThemeChoice } from "../live/theme.ts";
import { Button } from "../parts/button.tsx";
import styles from "./theme-switch.module.css";

const drawings = {
  system: "M8 2a6 6 0 0 0 0 12z",
  light:
    "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 .8v1.9M8 13.3v1.9M.8 8h1.9M13.3 8h1.9M2.9 2.9l1.3 1.3M11.8 11.8l1.3 1.3M2.9 13.1l1.3-1.3M11.8 4.2l1.3-1.3",
  dark: "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z",
} as const;

/** One button that steps through system, light and dark; it shows the present choice. */
export function ThemeSwitch() {
  const choice = useThemeChoice();
  const next = themeChoices[(themeChoices.indexOf(choice) + 1) % themeChoices.length] ?? "system";
  return (
    <Button
      kind="bare"
      onClick={() => chooseTheme(next)}
      aria-label={`Theme: ${choice}. Change to ${next}`}
      title={`Theme: ${choice}`}
    >
      <svg
        className={styles.drawing}
        data-choice={choice}
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden="true"
      >
        <path d={drawings[choice]} />
        {choice === "system" && <circle cx="8" cy="8" r="6" fill="none" />}
      </svg>
    </Button>
  );
}
