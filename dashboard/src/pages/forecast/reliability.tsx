import { useCallback } from "react";
import type { components } from "@/api/schema";
import { axis, Chart } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { many, share } from "@/format/amounts";
import { Term } from "@/ui/term";

type Backtest = components["schemas"]["Backtest"];
type ReliabilityBin = components["schemas"]["ReliabilityBin"];

/** Whether a chance of 30 % happens in 30 of 100 cases: forecast and observed, with the interval of what was observed. */
export function Reliability({ backtest }: { backtest: Backtest }) {
  const bins = backtest.reliability;
  const option = useCallback((ink: Ink) => reliabilityOption(bins, ink), [bins]);
  return (
    <Chart
      title="Does a chance of 30 % happen in 30 of 100 cases?"
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
  const percent = { formatter: (value: number) => `${Math.round(value * 100)} %`, color: ink.soft };
  return {
    xAxis: axis(ink, "Forecast chance to order", { min: 0, max: 1, axisLabel: percent }),
    yAxis: axis(ink, "Share that ordered", { min: 0, max: 1, axisLabel: percent }),
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bin = bins[dataIndex];
        return bin
          ? `Forecast ${share(bin.predicted)}, observed ${share(bin.observed.value)}\n95 %: ${share(bin.observed.low)} to ${share(bin.observed.high)}\nn = ${bin.customers}`
          : "";
      },
    },
    series: [
      {
        type: "line",
        data: [
          [0, 0],
          [1, 1],
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
