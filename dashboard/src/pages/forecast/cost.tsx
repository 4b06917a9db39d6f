import { useCallback, useMemo, useState } from "react";
import type { components } from "@/api/schema";
import { axis, Chart } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { count, decimal, money, share } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { Section } from "@/ui/page";
import { costsOf, nearest } from "./costs";

type Threshold = components["schemas"]["Threshold"];
type Costs = components["schemas"]["Costs"];

/** What each threshold would have cost on past dates; the slider says it for any of them. */
export function Cost({ threshold, cost }: { threshold: Threshold; cost: Costs }) {
  const { assumptions, incentive } = threshold;
  const points = useMemo(() => costsOf(cost.curve), [cost.curve]);
  const [chosen, setChosen] = useState(threshold.threshold);
  const here = nearest(points, chosen);
  const best = nearest(points, threshold.threshold);
  const option = useCallback(
    (ink: Ink) => costOption(points, here?.threshold ?? 0, best?.threshold ?? 0, assumptions.currency, ink),
    [points, here?.threshold, best?.threshold, assumptions.currency],
  );
  return (
    <Section
      title="From which risk on does an incentive pay?"
      note={`Assumed: an incentive of ${money(incentive, assumptions.currency)}, a margin of ${share(assumptions.margin)}, and ${share(assumptions.success_rate)} of leavers kept by it. What is really kept, only a holdout can tell.`}
    >
      <Chart
        title="Cost of errors by threshold"
        summary={inReadersFigures(threshold.sentence)}
        height={260}
        option={option}
        table={() => ({
          columns: ["threshold", "flagged", "wasted", "lost", "cost"],
          rows: points.map((point) => [point.threshold, point.flagged, point.wasted, point.lost, point.cost]),
        })}
      />
      {here && best && (
        <div className="mt-3 max-w-[72ch]">
          <label htmlFor="threshold" className="text-sm text-soft">
            Flag from a churn probability of {share(here.threshold)}
          </label>
          <input
            id="threshold"
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={chosen}
            onChange={(event) => setChosen(Number(event.target.value))}
            className="mt-1 block w-full accent-[var(--accent)]"
          />
          <p className="mt-2" aria-live="polite">
            Flags {count(here.flagged)} of {count(cost.customers)} forecasts and costs{" "}
            <strong className="font-semibold">{money(here.cost, assumptions.currency)}</strong>:{" "}
            {money(here.wasted, assumptions.currency)} of incentives for who would have ordered anyway,{" "}
            {money(here.lost, assumptions.currency)} of margin that left.{" "}
            {here === best
              ? "That is the least."
              : `The least is ${money(best.cost, assumptions.currency)}, from ${decimal((best.threshold ?? 0) * 100, 0)} % on.`}
          </p>
        </div>
      )}
    </Section>
  );
}

function costOption(points: ReturnType<typeof costsOf>, here: number, best: number, currency: string | null, ink: Ink) {
  const mark = (at: number, name: string, colour: string) => ({
    xAxis: at,
    label: { formatter: name, color: ink.ink, fontSize: 12 },
    lineStyle: { color: colour, type: "solid", width: 1.5 },
  });
  return {
    xAxis: axis(ink, "Churn probability from which a customer is flagged", {
      min: 0,
      max: 1,
      axisLabel: { formatter: (value: number) => `${Math.round(value * 100)} %`, color: ink.soft },
    }),
    yAxis: axis(ink, `Cost${currency ? `, ${currency}` : ""}`, {
      scale: true,
      axisLabel: { color: ink.soft, formatter: (value: number) => count(value) },
    }),
    tooltip: { trigger: "axis", valueFormatter: (value: number) => money(value, currency) },
    series: [
      {
        type: "line",
        name: "Cost",
        data: points.map((point) => [point.threshold, point.cost]),
        symbol: "none",
        lineStyle: { color: ink.accent, width: 2 },
        itemStyle: { color: ink.accent },
        markLine: {
          symbol: "none",
          animation: false,
          data: [mark(best, "least", ink["line-strong"]), ...(here === best ? [] : [mark(here, "here", ink.ink)])],
        },
      },
    ],
  };
}
