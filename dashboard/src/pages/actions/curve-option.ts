/** The profit curve as the chart library wants it: interval as an area, the curve to its stopping point and beyond. */
import type { EChartsType } from "echarts/core";
import type { Point } from "@/api/actions";
import { axis, type Option } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { count, many, money, sign } from "@/format/amounts";
import { boughtWith, endOf } from "./curve";

interface Shown {
  readonly curve: readonly Point[];
  readonly stop: Point;
  readonly here: Point;
  /** Why it stops there. */
  readonly reason: string;
  readonly currency: string | null;
}

interface Drawing {
  coord: (point: number[]) => number[];
}

export function curveOption({ curve, stop, here, reason, currency }: Shown, ink: Ink): Option {
  const end = endOf(curve, stop);
  const kept = curve.filter((point) => point.customers <= stop.customers);
  const beyond = curve.filter((point) => point.customers >= stop.customers);
  const line = (points: readonly Point[], more: object) => ({
    type: "line",
    data: points.map((point) => [point.cost, point.profit]),
    symbol: "none",
    ...more,
  });
  const unit = currency ? `, ${sign(currency)}` : "";
  const limited = here.customers < stop.customers;
  return {
    xAxis: axis(ink, `Budget${unit}`, { min: 0, max: end, axisLabel: amounts(ink), splitLine: { show: false } }),
    yAxis: axis(ink, `Expected profit${unit}`, { axisLabel: amounts(ink) }),
    tooltip: { trigger: "axis", formatter: told(curve, currency) },
    series: [
      band(curve, end, ink),
      line(kept, { lineStyle: { color: ink.accent, width: 2.5 }, itemStyle: { color: ink.accent } }),
      line(beyond, {
        lineStyle: { color: ink["mark-2"], width: 1.5, type: "dotted" },
        itemStyle: { color: ink["mark-2"] },
      }),
      note([end, bandAt(curve, end)], "80 of 100 cases", ink),
      mark(
        stop,
        limited ? [`Stops paying, ${money(stop.cost, currency)}`] : ["Stop here", ...wrapped(reason)],
        "top",
        limited,
        ink,
      ),
      ...(limited ? [mark(here, [`Here, ${money(here.cost, currency)}`], "bottom", false, ink)] : []),
    ],
  };
}

const amounts = (ink: Ink) => ({ color: ink.soft, formatter: (value: number) => count(value) });

/** The interval between low and high as one area. */
function band(curve: readonly Point[], end: number, ink: Ink) {
  return {
    type: "custom",
    silent: true,
    clip: true,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: curve.filter((point) => point.cost <= end).map((point) => [point.cost, point.profit_low, point.profit_high]),
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Drawing) => {
      if (dataIndex > 0) return undefined;
      const upper = curve.map((point) => api.coord([point.cost, point.profit_high]));
      const lower = curve.map((point) => api.coord([point.cost, point.profit_low])).reverse();
      return {
        type: "polygon",
        shape: { points: [...upper, ...lower] },
        style: { fill: ink.accent, opacity: 0.11 },
      };
    },
  };
}

/** A place on the curve with a line down to its budget, named beside it. */
function mark(point: Point, words: readonly string[], side: "top" | "bottom", quiet: boolean, ink: Ink) {
  return {
    type: "scatter",
    data: [[point.cost, point.profit]],
    symbolSize: quiet ? 7 : 10,
    silent: true,
    tooltip: { show: false },
    itemStyle: { color: quiet ? ink["line-strong"] : ink.accent, borderColor: ink.surface, borderWidth: 1.5 },
    label: {
      show: true,
      position: side,
      offset: [8, side === "top" ? -2 : 2], // a rising curve leaves room below to the right, a falling one above
      align: "left",
      formatter: words.map((each, at) => (at === 0 && !quiet ? `{first|${each}}` : each)).join("\n"),
      rich: { first: { color: ink.ink, fontSize: 12, fontWeight: 600, lineHeight: 17 } },
      color: quiet ? ink.soft : ink.ink,
      fontSize: 12,
      lineHeight: 17,
      backgroundColor: ink.surface,
      borderRadius: 3,
      padding: [1, 4],
    },
    markLine: {
      symbol: "none",
      animation: false,
      label: { show: false },
      lineStyle: { color: quiet ? ink["line-strong"] : ink.ink, type: quiet ? "dashed" : "solid", width: 1 },
      data: [{ xAxis: point.cost }],
    },
  };
}

/** Words at a place, without a mark. */
function note(at: number[], words: string, ink: Ink) {
  return {
    type: "scatter",
    data: [at],
    symbolSize: 1,
    silent: true,
    tooltip: { show: false },
    itemStyle: { color: "transparent" },
    label: {
      show: true,
      position: "bottom",
      offset: [-6, 4],
      align: "right",
      formatter: words,
      color: ink.soft,
      fontSize: 12,
    },
  };
}

function bandAt(curve: readonly Point[], cost: number): number {
  return boughtWith(curve, cost)?.profit_high ?? 0;
}

/** Two lines of about the same length. */
function wrapped(text: string): string[] {
  const middle = text.indexOf(" ", text.length / 2);
  return middle < 0 ? [text] : [text.slice(0, middle), text.slice(middle + 1)];
}

function told(curve: readonly Point[], currency: string | null) {
  return (items: readonly { axisValue: number }[]) => {
    const point = boughtWith(curve, items[0]?.axisValue ?? 0);
    if (!point) return "";
    return `${many(point.customers, "customer")} for ${money(point.cost, currency)}\n${money(point.profit, currency)} expected\n${money(point.profit_low, currency)} to ${money(point.profit_high, currency)} in 80 of 100 cases`;
  };
}

interface Pointing {
  offsetX: number;
  offsetY: number;
  event?: { zrByTouch?: boolean };
}

/** A press on the chart, or a drag along it, chooses the budget below; on touch a tap alone, so that pages scroll. */
export function choosing(choose: (cost: number) => void) {
  return (chart: EChartsType) => {
    let pressed = false;
    const surface = chart.getZr();
    const inside = (at: Pointing) => chart.containPixel("grid", [at.offsetX, at.offsetY]);
    const take = (at: Pointing) => {
      const [cost] = chart.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [at.offsetX, at.offsetY]) ?? [];
      if (cost !== undefined) choose(cost);
    };
    const press = (at: Pointing) => {
      pressed = !at.event?.zrByTouch && inside(at);
      if (pressed) take(at);
    };
    const move = (at: Pointing) => {
      if (inside(at)) surface.setCursorStyle("ew-resize");
      if (pressed) take(at);
    };
    const release = () => {
      pressed = false;
    };
    const tap = (at: Pointing) => at.event?.zrByTouch && inside(at) && take(at);
    surface.on("mousedown", press);
    surface.on("mousemove", move);
    surface.on("click", tap);
    addEventListener("mouseup", release);
    return () => {
      removeEventListener("mouseup", release);
      if (chart.isDisposed()) return;
      surface.off("mousedown", press);
      surface.off("mousemove", move);
      surface.off("click", tap);
    };
  };
}
