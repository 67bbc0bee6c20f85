import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { metricCatalogue } from "./metric-catalogue.ts";

interface Panel {
  id: number;
  type: string;
  title: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
}
interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string; datasource?: { uid: string } }[] };
}

const folder = new URL("../../deploy/grafana/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const dashboards = files.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Dashboard);
const catalogue = new Map(
  (await metricCatalogue(createFakeClock())).flatMap(({ name, type, labels }) =>
    type === "histogram"
      ? ["bucket", "sum", "count"].map((part) => [`${name}_${part}`, new Set([...labels, "le"])] as const)
      : [[name, new Set(labels)] as const],
  ),
);

/** What Prometheus itself adds to every series. */
const ownLabels = ["job", "instance"];

function problemsOf(expr: string, legend = ""): string[] {
  const names = expr.match(/slotkeeper_\w+/g) ?? [];
  const labels = new Set([...ownLabels, ...names.flatMap((name) => [...(catalogue.get(name) ?? [])])]);
  const used = [
    ...[...expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label ?? ""),
    ...[...expr.matchAll(/\b(?:by|on|ignoring|without|group_left|group_right)\s*\(([^)]*)\)/g)].flatMap(
      ([, list = ""]) => list.split(",").map((label) => label.trim()),
    ),
    ...[...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label ?? ""),
  ].filter((label) => label !== "");
  return [
    ...(names.length === 0 ? [`no metric of ours in ${expr}`] : []),
    ...names.filter((name) => !catalogue.has(name)).map((name) => `no metric ${name}`),
    ...used.filter((label) => !labels.has(label)).map((label) => `no label ${label} in ${expr}`),
  ];
}

test("there are dashboards, each with a name of its own", () => {
  expect(files).toEqual(["duties.json", "fleet.json", "respond.json"]);
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});

test("the check finds what is wrong", () => {
  expect(problemsOf("slotkeeper_no_such_metric")).toEqual(["no metric slotkeeper_no_such_metric"]);
  expect(problemsOf('sum by (host) (slotkeeper_fleet_keys{place="a"})', "{{color}}")).toHaveLength(2);
});

describe.each(dashboards)("$title", ({ panels, templating }) => {
  const variables = new Set(templating.list.map(({ name }) => name));

  test("every metric and label that a panel or a variable names is one that Slotkeeper exports", () => {
    const asked = panels.flatMap(({ targets = [] }) => targets);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.flatMap(({ expr, legendFormat }) => problemsOf(expr, legendFormat))).toEqual([]);
    for (const { definition } of templating.list.filter(({ type }) => type === "query")) {
      const [, series = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(definition ?? "") ?? [];
      expect(problemsOf(series, `{{${label}}}`)).toEqual([]);
    }
  });

  test("panels have ids and titles of their own, and none lies over another", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x}/${y}`), title).toBe(false);
          expect(x, title).toBeLessThan(24);
          taken.add(`${x}/${y}`);
        }
  });

  test("the data source is a variable, and every variable that is used exists", () => {
    expect(templating.list[0]).toMatchObject({ name: "datasource", type: "datasource" });
    for (const { type, datasource, targets = [] } of panels) {
      if (type !== "row") expect(datasource?.uid).toBe("${datasource}");
      for (const target of targets) {
        expect(target.datasource.uid).toBe("${datasource}");
        for (const [, name = ""] of target.expr.matchAll(/\$(\w+)/g)) expect(variables).toContain(name);
      }
    }
  });
});
