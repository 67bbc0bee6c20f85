import uPlot from "uplot";

/** `tone` names a colour token; `kind` how it is drawn: the line itself, a dashed bound, or bars. */
export interface ChartLine {
  label: string;
  tone: "fine" | "bad" | "muted" | "accent";
  kind: "line" | "bound" | "bars";
}

interface ChartOptionsInput {
  element: HTMLElement;
  lines: readonly ChartLine[];
  width: number;
  height: number;
  isStep: boolean;
  atLeast: number;
  /** Percentages, drawn from here to 100. */
  percentFrom: number | undefined;
  group: string;
  onCursor: (index: number | undefined) => void;
}

/** What all charts share: colours from the tokens, UTC on the x axis, three whole numbers on the y axis, one cursor. */
export function chartOptions(input: ChartOptionsInput): uPlot.Options {
  const tokens = getComputedStyle(input.element);
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: token("muted"), font: `11px ${tokens.fontFamily}`, ticks: { show: false } } as const;
  const { linear, stepped, bars } = uPlot.paths;
  const series = input.lines.map((line): uPlot.Series => {
    const stroke = token(line.tone === "bad" ? "bad-fill" : line.tone);
    const base = { label: line.label, stroke, points: { show: false }, spanGaps: false } as const;
    if (line.kind === "bars" && bars !== undefined)
      return { ...base, width: 0, fill: stroke, paths: bars({ size: [0.9, 6, 2], align: 1 }) };
    const path = input.isStep ? stepped?.({ align: 1 }) : linear?.();
    const dash = line.kind === "bound" ? { dash: [3, 3], width: 1 } : { width: 1.6 };
    return { ...base, ...dash, ...(path === undefined ? {} : { paths: path }) };
  });
  return {
    width: input.width,
    height: input.height,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), "UTC"),
    legend: { show: false },
    padding: [6, 18, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 }, sync: { key: input.group } },
    scales: {
      x: { time: true, auto: false },
      y: {
        range: (_chart, _min, max) =>
          input.percentFrom === undefined
            ? [0, Math.max(input.atLeast, max) * (input.isStep ? 1.05 : 1.12)]
            : [input.percentFrom, 100 + (100 - input.percentFrom) * 0.04],
      },
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 6,
        space: 70,
        grid: { show: false },
        border: { show: true, stroke: token("line-firm"), width: 1 },
        values: (_chart, splits) => splits.map((at) => new Date(at).toISOString().slice(11, 16)),
      },
      {
        ...axis,
        size: input.percentFrom === undefined ? 34 : 46,
        gap: 4,
        space: 20,
        incrs: [
          ...(input.percentFrom === undefined ? [] : [0.1, 0.2, 0.5]),
          1,
          2,
          5,
          10,
          20,
          50,
          100,
          200,
          500,
          1_000,
          2_000,
          5_000,
          10_000,
          50_000,
          100_000,
          1_000_000,
        ],
        grid: { stroke: token("line"), width: 1 },
        values: (_chart, splits) =>
          splits.map((value) =>
            input.percentFrom !== undefined ? `${value} %` : value >= 10_000 ? `${value / 1000}k` : String(value),
          ),
      },
    ],
    series: [{}, ...series],
    hooks: { setCursor: [(chart) => input.onCursor(chart.cursor.idx ?? undefined)] },
  };
}
