import type { ReactNode } from "react";
import styles from "./figure.module.css";

/** A number with its name and its evidence: the title tells exact value, source and instant. */
export function Figure(props: {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  evidence: string;
  tone?: "warn" | "bad" | undefined;
}) {
  return (
    <div className={styles.figure} title={props.evidence}>
      <dt className={styles.name}>{props.name}</dt>
      <dd className={styles.value} data-tone={props.tone}>
        {props.value}
        {props.note !== undefined && <span className={styles.note}> {props.note}</span>}
      </dd>
    </div>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>;
}
