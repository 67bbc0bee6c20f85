import type { BacktestAnswer } from "../../../../src/api/contract-respond.ts";
import { labelText } from "../../model/alert-words.ts";
import { formatCount, formatDuration, fullInstant, plural } from "../../model/format.ts";
import { FactList } from "../../parts/fact-list.tsx";
import { Figures } from "../../parts/figure.tsx";
import { Notice } from "../../parts/notice.tsx";

const mostShown = 20;

/** What a rule would have done: how often it had fired, whom it had woken, and for how long it had been blind. */
export function BacktestResult({ answer }: { answer: BacktestAnswer }) {
  const span = `${fullInstant(answer.fromAt)} to ${fullInstant(answer.toAt)}`;
  return (
    <div role="group" aria-label="Result of the backtest">
      {answer.factsWithoutHistory.length > 0 && (
        <Notice tone="unknown" title="No history is kept of some of its facts.">
          Nothing is known about {answer.factsWithoutHistory.join(", ")}: the result below is of the others alone.
        </Notice>
      )}
      {answer.rules.map((rule) => {
        const firings = rule.firings.length + rule.more;
        const { firing, repeat, resolve } = rule.notices;
        return (
          <div key={rule.alert}>
            <Figures
              figures={[
                { name: "Firings", value: formatCount(firings), evidence: `${rule.expr}, ${span}` },
                {
                  name: "Notices",
                  value: formatCount(firing + repeat + resolve),
                  note: `${firing} first, ${repeat} again, ${resolve} at the end`,
                  evidence: "without silences, maintenance or incidents",
                },
                {
                  name: "Blind",
                  value: rule.blindMs === 0 ? "never" : formatDuration(rule.blindMs),
                  tone: rule.blindMs > 0 ? "warn" : undefined,
                  evidence: "time for which no fact of it was known",
                },
                { name: "Over", value: formatDuration(answer.toAt - answer.fromAt), evidence: span },
              ]}
            />
            <FactList
              label="Firings"
              facts={rule.firings.slice(0, mostShown).map((one, index) => ({
                key: `${index}`,
                tone: "warn",
                name: labelText(one.labels) || rule.alert,
                words:
                  one.resolvedAt === 0
                    ? "fires at the end"
                    : `fired for ${formatDuration(one.resolvedAt - one.firedAt)}`,
                at: one.firedAt,
                lines: one.unknownMs > 0 ? [`Its facts were missing for ${formatDuration(one.unknownMs)} of it.`] : [],
              }))}
            />
            {firings > mostShown && <p>and {plural(firings - mostShown, "more firing")}</p>}
          </div>
        );
      })}
    </div>
  );
}
