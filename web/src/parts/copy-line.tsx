import { useRef, useState } from "react";
import { Button } from "./button.tsx";
import styles from "./copy-line.module.css";

/** A line to be copied into a terminal. Without a secure address browsers have no clipboard: then it is selected. */
export function CopyLine({ does, text }: { does: string; text: string }) {
  const line = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  const select = () => {
    const selection = getSelection();
    if (line.current !== null) selection?.selectAllChildren(line.current);
    setSaid("Selected: copy it with your keyboard.");
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
    } catch {
      select();
    }
  };
  return (
    <div className={styles.line}>
      <p className={styles.does}>
        {does}{" "}
        <span role="status" className={styles.said}>
          {said}
        </span>
      </p>
      <code ref={line} className={styles.code}>
        {text}
      </code>
      <Button aria-label={`Copy: ${does}`} onClick={() => void copy()}>
        Copy
      </Button>
    </div>
  );
}
