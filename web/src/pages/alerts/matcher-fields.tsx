import type { MatcherText, MatchOperator } from "../../../../src/alerts/expr/matcher.ts";
import { Button } from "../../parts/button.tsx";
import styles from "./matcher-fields.module.css";

const operators: readonly { op: MatchOperator; means: string }[] = [
  { op: "=", means: "is" },
  { op: "!=", means: "is not" },
  { op: "=~", means: "matches" },
  { op: "!~", means: "does not match" },
];

interface MatcherFieldsProps {
  matchers: readonly MatcherText[];
  onChange: (matchers: readonly MatcherText[]) => void;
}

/** Conditions on labels, one a line; at least one stays. */
export function MatcherFields({ matchers, onChange }: MatcherFieldsProps) {
  const change = (index: number, part: Partial<MatcherText>) =>
    onChange(matchers.map((matcher, at) => (at === index ? { ...matcher, ...part } : matcher)));
  return (
    <fieldset className={styles.fields}>
      <legend className={styles.legend}>Labels</legend>
      {matchers.map(({ name, op, value }, index) => (
        <div key={index} className={styles.line}>
          <input
            aria-label={`Label ${index + 1}`}
            spellCheck={false}
            autoCapitalize="off"
            value={name}
            onChange={(event) => change(index, { name: event.target.value.trim() })}
          />
          <select
            aria-label={`Condition ${index + 1}`}
            value={op}
            onChange={(event) =>
              change(index, { op: operators.find((known) => known.op === event.target.value)?.op ?? "=" })
            }
          >
            {operators.map((known) => (
              <option key={known.op} value={known.op}>
                {known.op} {known.means}
              </option>
            ))}
          </select>
          <input
            aria-label={`Value ${index + 1}`}
            spellCheck={false}
            autoCapitalize="off"
            value={value}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <Button
            kind="bare"
            aria-label={`Remove label ${index + 1}`}
            disabled={matchers.length === 1}
            onClick={() => onChange(matchers.filter((_, at) => at !== index))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button onClick={() => onChange([...matchers, { name: "", op: "=", value: "" }])}>Add a label</Button>
      </div>
    </fieldset>
  );
}
