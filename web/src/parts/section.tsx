import { useId, type ReactNode } from "react";
import styles from "./section.module.css";

/** A sheet under a heavy rule with its heading: the only box there is. `aside` stands at the right end of the heading. */
export function Section(props: { title: ReactNode; aside?: ReactNode; children: ReactNode; isStale?: boolean }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id} data-stale={props.isStale === true || undefined}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {props.title}
        </h2>
        {props.aside !== undefined && <div className={styles.aside}>{props.aside}</div>}
      </header>
      {props.children}
    </section>
  );
}
