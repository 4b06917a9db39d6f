import { useCallback } from "react";
import { axis, Chart } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { many, share } from "@/format/amounts";
import { Term } from "@/ui/term";
import { type Backtest, type ReliabilityBin, scaleOf } from "./scale";

/** Whether a chance of 30 % happens in 30 of 100 cases: forecast and observed, with the interval of what was observed. */
export function Reliability({ backtest }: { backtest: Backtest }) {
  const bins = backtest.reliability;
  const { example } = scaleOf(bins);
  const option = useCallback((ink: Ink) => reliabilityOption(bins, ink), [bins]);
  return (
    <Chart
      title={`Does a chance of ${example} % happen in ${example} of 100 cases?`}
      summary={`Mean distance ${share(backtest.ece, 1)} over ${many(bins.length, "group")} of customers.`}
      height={330}
      option={option}
      table={() => ({
        columns: ["forecast", "observed", "95 % from", "95 % to", "customers"],
        rows: bins.map((bin) => [
          bin.predicted,
          bin.observed.value,
          bin.observed.low,
          bin.observed.high,
          bin.customers,
        ]),
      })}
    >
      <p className="mt-1 text-sm text-soft">
        <Term means="Expected calibration error: |observed - forecast|, averaged over ten groups of equal size.">
          Mean distance
        </Term>{" "}
        {share(backtest.ece, 1)}.
        {backtest.spend_coverage &&
          ` Spend fell into its 80 % interval in ${share(backtest.spend_coverage.inside.value)} of cases.`}
      </p>
    </Chart>
  );
}

function reliabilityOption(bins: readonly ReliabilityBin[], ink: Ink) {
  const { most, digits } = scaleOf(bins);
  const percent = { formatter: (value: number) => `${(value * 100).toFixed(digits)} %`, color: ink.soft };
  const chance = { min: 0, max: most, interval: most / 5, axisLabel: percent };
  return {
    xAxis: axis(ink, "Forecast chance to order", chance),
    yAxis: axis(ink, "Share that ordered", chance),
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bin = bins[dataIndex];
        const said = (value: number | null | undefined) => share(value, digits);
        return bin
          ? `Forecast ${said(bin.predicted)}, observed ${said(bin.observed.value)}\n95 %: ${said(bin.observed.low)} to ${said(bin.observed.high)}\nn = ${bin.customers}`
          : "";
      },
    },
    series: [
      {
        type: "line",
        data: [
          [0, 0],
          [most, most],
        ],
        symbol: "none",
        silent: true,
        lineStyle: { color: ink["line-strong"], type: "dotted", width: 1.5 },
        tooltip: { show: false },
      },
      {
        type: "custom",
        silent: true,
        data: bins.map((bin) => [bin.predicted, bin.observed.low, bin.observed.high]),
        renderItem: (_: unknown, api: { value: (at: number) => number; coord: (point: number[]) => number[] }) => {
          const [x = 0, top = 0] = api.coord([api.value(0), api.value(2)]);
          const [, bottom = 0] = api.coord([api.value(0), api.value(1)]);
          return {
            type: "line",
            shape: { x1: x, x2: x, y1: top, y2: bottom },
            style: { stroke: ink.accent, lineWidth: 1.5, opacity: 0.6 },
          };
        },
      },
      {
        type: "line",
        data: bins.map((bin) => [bin.predicted, bin.observed.value]),
        symbol: "circle",
        symbolSize: 7,
        lineStyle: { color: ink.accent, width: 1.5 },
        itemStyle: { color: ink.accent },
      },
    ],
  };
}
