import { useCallback, useMemo } from "react";
import type { components } from "@/api/schema";
import { axis, Chart } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { share } from "@/format/amounts";

type Backtest = components["schemas"]["Backtest"];
type GainPoint = components["schemas"]["GainPoint"];

const OURS = "this forecast";
const RULE = "recency rule";

/** What the first part of the list held of the spend that came: ours, the recency rule, and chance. */
export function Gain({ backtest }: { backtest: Backtest }) {
  const curves = useMemo(
    () => [OURS, RULE].flatMap((name) => (backtest.gain?.[name] ? [{ name, points: backtest.gain[name] }] : [])),
    [backtest.gain],
  );
  const option = useCallback((ink: Ink) => gainOption(curves, ink), [curves]);
  if (!curves.length) {
    return (
      <section>
        <h2 className="text-sm font-medium">What the top of the list held</h2>
        <p className="mt-2 text-soft">
          This model was trained before gain curves were kept; the next training has one.
        </p>
      </section>
    );
  }
  const tenth = (points: readonly GainPoint[]) => points.find((point) => Math.abs(point.share - 0.1) < 1e-9)?.spend;
  return (
    <Chart
      title="What the top of the list held"
      summary={curves.map(({ name, points }) => `First 10 % of ${name}: ${share(tenth(points))} of spend`).join("; ")}
      height={330}
      option={option}
      table={() => ({
        columns: ["share of the list", ...curves.map(({ name }) => `${name}: share of spend`)],
        rows: (curves[0]?.points ?? []).map((point, at) => [
          point.share,
          ...curves.map(({ points }) => points[at]?.spend ?? null),
        ]),
      })}
    >
      <p className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
        {curves.map(({ name, points }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <Stroke ours={name === OURS} /> {name}: the first 10 % held {share(tenth(points))}
          </span>
        ))}
        <span className="inline-flex items-center gap-1.5">
          <Stroke dotted /> random
        </span>
      </p>
    </Chart>
  );
}

function Stroke({ ours = false, dotted = false }: { ours?: boolean; dotted?: boolean }) {
  return (
    <svg width="18" height="8" aria-hidden="true">
      <path
        d="M0 4h18"
        stroke={ours ? "var(--accent)" : dotted ? "var(--line-strong)" : "var(--mark-2)"}
        strokeWidth="2"
        strokeDasharray={dotted ? "2 3" : undefined}
      />
    </svg>
  );
}

function gainOption(curves: readonly { name: string; points: readonly GainPoint[] }[], ink: Ink) {
  const percent = { formatter: (value: number) => `${Math.round(value * 100)} %`, color: ink.soft };
  const line = (name: string, data: number[][], colour: string, more: object) => ({
    type: "line",
    name,
    data,
    symbol: "none",
    lineStyle: { color: colour, width: 2, ...more },
    itemStyle: { color: colour },
  });
  const dot = (points: readonly GainPoint[], colour: string) => ({
    type: "scatter",
    data: [[0.1, points.find((point) => Math.abs(point.share - 0.1) < 1e-9)?.spend ?? 0]],
    symbolSize: 8,
    itemStyle: { color: colour },
    silent: true,
    tooltip: { show: false },
  });
  const colours = [ink.accent, ink["mark-2"]];
  return {
    xAxis: axis(ink, "First part of the list", { min: 0, max: 1, axisLabel: percent }),
    yAxis: axis(ink, "Share of the spend that came", { min: 0, max: 1, axisLabel: percent }),
    tooltip: { trigger: "axis", valueFormatter: (value: number) => `${(value * 100).toFixed(0)} %` },
    series: [
      ...curves.map(({ name, points }, nth) =>
        line(
          name,
          points.map((point) => [point.share, point.spend]),
          colours[nth] ?? ink.soft,
          {},
        ),
      ),
      line(
        "random",
        [
          [0, 0],
          [1, 1],
        ],
        ink["line-strong"],
        { type: "dotted", width: 1.5 },
      ),
      ...curves.map(({ points }, nth) => dot(points, colours[nth] ?? ink.soft)),
    ],
  };
}
