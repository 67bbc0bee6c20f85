import { expect, test } from "vitest";
import { diffConfig } from "./diff.ts";
import { formatProblems } from "./problem.ts";
import { goodRespond, loadRespond, twoNodes } from "./testing/respond-file.ts";

const rules = (alert: string, expr = "finality_lag_epochs > 3", severity = "warning") => `groups:
  - name: own
    rules:
      - alert: ${alert}
        expr: '${expr}'
        labels: { severity: ${severity}, owner: operations }
        annotations: { summary: s, description: d, playbook: p }
`;
/** Cannot be told from a rule that ships. */
const shipped = rules("StoreFailing", undefined, "critical").replace("operations", "operations, class: down");
const named = (...files: string[]) => `${twoNodes}alerts: { ruleFiles: [${files.join(", ")}] }\n`;

test("files in the shape of Prometheus' are read beside the configuration, and watched", async () => {
  const files = { "/etc/rules/a.yaml": rules("A"), "/r/b.yaml": rules("B", "promql: up == 0") };
  const loaded = await loadRespond(named("rules/a.yaml", "/r/b.yaml"), files);
  expect(loaded.problems).toEqual([]);
  expect(loaded.config?.respond.rules.slice(-2).map(({ alert, condition }) => `${alert} ${condition.kind}`)).toEqual([
    "A facts",
    "B promql",
  ]);
  expect(loaded.files).toEqual(["/etc/f.yaml", "/etc/rules/a.yaml", "/r/b.yaml"]);
});

test("a change of a rule file is a change of the configuration", async () => {
  const before = await goodRespond(named("a.yaml"), { "/etc/a.yaml": rules("A") });
  const after = await goodRespond(named("a.yaml"), { "/etc/a.yaml": rules("A", "finality_lag_epochs > 4") });
  expect(diffConfig(before, after)).toMatchObject([
    { effect: "live", from: '"finality_lag_epochs > 3"', to: '"finality_lag_epochs > 4"' },
  ]);
});

test("what is wrong inside is told with file, line and what to write instead", async () => {
  const text = rules("A", "finality_lag_epoch > 3").replace("owner: operations", "owner: operations, 9: x");
  const { config, problems } = await loadRespond(named("a.yaml"), { "/etc/a.yaml": `${text}extra: 1\n` });
  expect(config).toBeUndefined();
  expect(problems.map(({ file, line, code, path }) => `${file}:${line} ${code} ${path}`)).toEqual([
    "/etc/a.yaml:5 bad-value groups[0].rules[0].expr",
    "/etc/a.yaml:6 bad-value groups[0].rules[0].labels.9",
    "/etc/a.yaml:8 unknown-key extra",
  ]);
  expect(formatProblems(problems)).toContain("did you mean finality_lag_epochs?");
  expect(problems[2]?.fix).toBe("Known here: groups.");
});

test.each([
  ["is not there", {}, "/etc/f.yaml:2 unreadable-rule-file alerts.ruleFiles[0]"],
  ["is no YAML", { "/etc/a.yaml": "groups: [" }, "/etc/a.yaml:1 yaml-syntax "],
  ["is empty", { "/etc/a.yaml": "" }, "/etc/a.yaml:1 wrong-type "],
  ["is no document of rules", { "/etc/a.yaml": "- a" }, "/etc/a.yaml:1 wrong-type "],
  ["has a rule that ships", { "/etc/a.yaml": shipped }, "/etc/a.yaml:4 duplicate-name groups[0].rules[0].alert"],
])("a file that %s", async (_name, files, expected) => {
  const { problems } = await loadRespond(named("a.yaml"), files);
  expect(problems.map(({ file, line, code, path }) => `${file}:${line} ${code} ${path}`)[0]).toBe(expected);
  expect(problems[0]?.fix).not.toBe("");
});

test("a rule that another file has already is refused; one that replaces a shipped one is taken", async () => {
  const twice = await loadRespond(named("a.yaml", "b.yaml"), { "/etc/a.yaml": rules("A"), "/etc/b.yaml": rules("A") });
  expect(twice.problems.map(({ file, code, path }) => `${file} ${code} ${path}`)).toEqual([
    "/etc/b.yaml duplicate-name groups",
  ]);
  const { respond } = await goodRespond(named("a.yaml").replace("] }\n", "], off: [StoreFailing] }\n"), {
    "/etc/a.yaml": shipped,
  });
  expect(respond.rules.filter(({ alert }) => alert === "StoreFailing").map(({ expr }) => expr)).toEqual([
    "finality_lag_epochs > 3",
  ]);
});
