import type { ButtonHTMLAttributes } from "react";
import styles from "./button.module.css";

export function Button({
  kind = "plain",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: "plain" | "firm" | "harm" | "bare" }) {
  return <button type="button" {...rest} className={styles.button} data-kind={kind} />;
}
