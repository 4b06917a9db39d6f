import type { EChartsType } from "echarts/core";
import { useCallback, useState } from "react";
import { useSearchParams } from "wouter";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { Chart } from "@/charts/chart";
import { type Frame, framing } from "@/charts/framing";
import { many } from "@/format/amounts";
import { capital, columnName } from "@/format/words";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { Loaded, Skeleton } from "@/ui/states";
import type { Asked } from "./asked";
import { type Feature, heading, isNumeric, kindOf } from "./kinds";
import { type Axes, Legend, plotOption } from "./plot-option";

export type Points = components["schemas"]["Points"];

const COLOURS = ["risk_band", "rfm_group", "archetype"] as const;

/** Two figures of every customer against each other; a frame drawn around some of them becomes a filter. */
export function Plot({
  asked,
  change,
  known,
}: {
  asked: Asked;
  change: (part: Partial<Asked>) => void;
  known: ReadonlyMap<string, Feature>;
}) {
  const [search, setSearch] = useSearchParams();
  const x = search.get("x") ?? "days_since_last_order";
  const y = search.get("y") ?? "net_revenue";
  const colour = search.get("colour") ?? "risk_band";
  const choose = (name: string, value: string) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const query = { x, y, colour, where: [...asked.where], search: asked.search || undefined };
  const points = $api.useQuery("get", "/api/v1/points", { params: { query } }, { enabled: known.size > 0 });
  const figures = [...known.values()].filter((feature) => isNumeric(kindOf(feature)));
  const pick = (label: string, name: string, value: string, options: readonly string[]) => (
    <Field name={label}>
      {(id) => (
        <Select id={id} className="h-8" value={value} onChange={(event) => choose(name, event.target.value)}>
          {options.map((option) => (
            <option key={option} value={option}>
              {capital(columnName(option))}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
  const names = figures.map((feature) => feature.name);
  return (
    <div>
      <div className="mb-4 flex flex-wrap gap-4">
        {pick("Across", "x", x, names)}
        {pick("Up", "y", y, names)}
        {pick("Colour", "colour", colour, COLOURS)}
      </div>
      <Loaded query={points} skeleton={<Skeleton className="h-[520px]" />}>
        {(data) => (
          <Drawn
            key={JSON.stringify(query)}
            points={data}
            x={x}
            y={y}
            colour={colour}
            known={known}
            asked={asked}
            change={change}
          />
        )}
      </Loaded>
    </div>
  );
}

function Drawn({
  points,
  x,
  y,
  colour,
  known,
  asked,
  change,
}: {
  points: Points;
  x: string;
  y: string;
  colour: string;
  known: ReadonlyMap<string, Feature>;
  asked: Asked;
  change: (part: Partial<Asked>) => void;
}) {
  const [frame, setFrame] = useState<Frame | null>(null);
  const title = (name: string): string => {
    const feature = known.get(name);
    return feature ? heading(feature, points.currency) : capital(columnName(name));
  };
  const axes: Axes = { x: title(x), y: title(y) };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the titles follow from what is listed
  const option = useCallback(
    (ink: Parameters<typeof plotOption>[1]) => plotOption(points, ink, axes),
    [points, axes.x, axes.y],
  );
  const onReady = useCallback((chart: EChartsType) => framing(chart, setFrame), []);
  const inside = frame
    ? points.ids.filter((_, at) => within(points.x[at], frame.x) && within(points.y[at], frame.y)).length
    : 0;
  const filter = () => {
    if (!frame) return;
    const round = (value: number) => String(Number(value.toPrecision(4)));
    const conditions = [
      `${x}>=${round(frame.x[0])}`,
      `${x}<=${round(frame.x[1])}`,
      `${y}>=${round(frame.y[0])}`,
      `${y}<=${round(frame.y[1])}`,
    ];
    const others = asked.where.filter(
      (condition) =>
        !condition.startsWith(`${x}>`) &&
        !condition.startsWith(`${x}<`) &&
        !condition.startsWith(`${y}>`) &&
        !condition.startsWith(`${y}<`),
    );
    change({ where: [...others, ...conditions], view: "table" });
  };
  return (
    <Chart
      title={`${axes.y} by ${axes.x.toLowerCase()}`}
      summary={`${many(points.ids.length, "customer")}; the table has all of them.`}
      height={520}
      option={option}
      onReady={onReady}
      file={() => ({
        columns: ["customer_id", x, y, colour],
        rows: points.ids.map((id, at) => [id, points.x[at] ?? null, points.y[at] ?? null, String(points.colour[at])]),
      })}
    >
      <Legend points={points} name={colour} />
      <div className="mt-2 flex min-h-9 items-center gap-3 text-sm text-soft">
        {frame ? (
          <>
            <span className="text-ink">{many(inside, "customer")} in the frame.</span>
            <Button small onClick={filter}>
              List them
            </Button>
          </>
        ) : (
          <span>
            {many(points.ids.length, "customer")}
            {points.total > points.ids.length && ` of ${points.total}`}. Draw a frame around some to list them.
          </span>
        )}
      </div>
    </Chart>
  );
}

function within(value: number | undefined, [low, high]: readonly [number, number]): boolean {
  return value !== undefined && value >= low && value <= high;
}
