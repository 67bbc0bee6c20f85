import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { pages } from "./page-list.ts";
import styles from "./shortcut-list.module.css";

const shortcuts: readonly { where: string; keys: readonly (readonly [keys: string, does: string])[] }[] = [
  {
    where: "Everywhere",
    keys: [
      ...pages.map(({ word, key }) => [`g ${key}`, word] as const),
      ["d", "Declare an incident"],
      ["⌘ K", "Find a page, a node, a validator or an incident (Ctrl K)"],
      ["t", "Theme: system, light, dark"],
      ["?", "This list"],
    ],
  },
  {
    where: "Nodes",
    keys: [
      ["/", "Filter"],
      ["j k", "Next and previous node"],
      ["↵", "Open and close a node"],
      ["s", "Sort by the next column"],
      ["r", "Reverse the order"],
      ["v", "Show all, troubled or set aside"],
    ],
  },
  {
    where: "Validators",
    keys: [
      ["/", "Search"],
      ["j k", "Next and previous cohort or validator"],
      ["b", "By validators or by effective balance"],
      ["w", "Heatmap: share lost, or the worst of each row"],
    ],
  },
  {
    where: "Incidents",
    keys: [
      ["j k", "Next and previous incident"],
      ["v", "Show those that are open, or over"],
    ],
  },
  {
    where: "One incident",
    keys: [
      ["a", "Acknowledge"],
      ["u", "Update: status, severity, words"],
      ["r", "Resolve"],
      ["n", "Write a note"],
    ],
  },
  {
    where: "Heatmap (Tab to it first)",
    keys: [
      ["← → ↑ ↓", "Move the crosshair (with Shift: ten at once)"],
      ["+ −", "Zoom into validators"],
      ["[ ]", "Zoom epochs"],
      ["0", "Show all"],
      ["↵", "Open the validator at that epoch"],
    ],
  },
  { where: "Charts", keys: [["← →", "Read single values (Tab to a chart first)"]] },
];

export function ShortcutList({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard">
      {shortcuts.map(({ where, keys }) => (
        <section key={where} className={styles.part}>
          <h3 className={styles.where}>{where}</h3>
          <dl className={styles.list}>
            {keys.map(([pressed, does]) => (
              <div key={pressed} className={styles.row}>
                <dt>
                  {pressed.split(" ").map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <div className={styles.end}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
