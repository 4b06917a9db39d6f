/** The scatter as the chart library wants it: one series a group, flat arrays, log scale where amounts spread wide. */
import { axis, type Option } from "@/charts/chart";
import { CATEGORIES, type Ink } from "@/charts/ink";
import { label } from "@/format/words";
import { BANDS, isBand, RiskShape } from "@/ui/risk";
import type { Points } from "./plot";

export interface Axes {
  readonly x: string;
  readonly y: string;
}

const SHAPES = ["circle", "triangle", "rect", "diamond", "emptyCircle", "emptyTriangle", "emptyRect"];
const LARGE = 3000;
const WIDE = 200;

/** The groups of the points, in the order of risk where that is what colours them. */
export function groupsOf(points: Points): string[] {
  const found = [...new Set(points.colour.map(String))];
  return found.every(isBand) ? BANDS.filter((band) => found.includes(band)) : found.sort();
}

function colourOf(group: string, at: number, ink: Ink): string {
  if (group === "low" || group === "medium" || group === "high") return ink[`risk-${group}`];
  if (isBand(group)) return ink["mark-2"];
  return CATEGORIES[at % CATEGORIES.length] ?? ink.accent;
}

/** Whether values spread so far that a linear axis would press most of them against its foot. */
export function spreadsWide(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0).sort((one, other) => one - other);
  const at = (share: number) => positive[Math.floor(share * (positive.length - 1))] ?? 1;
  return positive.length > 0.95 * values.length && at(1) / at(0.5) > WIDE / 4;
}

export function plotOption(points: Points, ink: Ink, axes: Axes): Option {
  const groups = groupsOf(points);
  const many = points.ids.length > LARGE;
  const log = spreadsWide(points.y);
  const data = groups.map(() => [] as number[][]);
  const place = new Map(groups.map((group, at) => [group, at]));
  points.ids.forEach((_, at) => {
    const [x, y] = [points.x[at] ?? 0, points.y[at] ?? 0];
    if (log && y <= 0) return;
    data[place.get(String(points.colour[at])) ?? 0]?.push([x, y]);
  });
  return {
    xAxis: axis(ink, axes.x, { scale: true }),
    yAxis: axis(ink, axes.y, { type: log ? "log" : "value" }),
    tooltip: { show: !many },
    series: groups.map((group, at) => ({
      type: "scatter",
      name: label(group),
      data: data[at],
      symbol: many ? "circle" : SHAPES[at % SHAPES.length],
      symbolSize: many ? 3 : 6,
      large: many,
      largeThreshold: LARGE,
      progressive: 0,
      itemStyle: { color: colourOf(group, at, ink), opacity: 0.65 },
      z: at,
    })),
  };
}

export function Legend({ points, name }: { points: Points; name: string }) {
  const groups = groupsOf(points);
  return (
    <ul
      aria-label={`Colours by ${name.replaceAll("_", " ")}`}
      className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-soft"
    >
      {groups.map((group, at) => (
        <li key={group} className="flex items-center gap-1.5">
          {isBand(group) ? (
            <RiskShape band={group} />
          ) : (
            <svg width="10" height="10" aria-hidden="true">
              <circle cx="5" cy="5" r="4" fill={CATEGORIES[at % CATEGORIES.length]} />
            </svg>
          )}
          {label(group)}
        </li>
      ))}
    </ul>
  );
}
