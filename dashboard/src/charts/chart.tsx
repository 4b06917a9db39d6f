import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { save } from "@/api/client";
import { asCsv, type PlainTable } from "@/format/csv";
import { Button } from "@/ui/button";
import { type Ink, useInk } from "./ink";

export type Option = EChartsCoreOption;

/** Room for labels and names of the axes is made by the library. */
export const GRID = {
  left: 4,
  right: 20,
  top: 20,
  bottom: 4,
  outerBoundsMode: "same",
  outerBoundsContain: "all",
} as const;

/** What every chart has in common: type, lines, an untouched look of the axes. */
function frame(ink: Ink): Option {
  return {
    animation: false,
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", fontSize: 12, color: ink.soft },
    grid: GRID,
    tooltip: {
      renderMode: "richText", // text on the canvas: the page's policy lets no style into its markup
      backgroundColor: ink.surface,
      borderColor: ink.line,
      textStyle: { color: ink.ink, fontSize: 12 },
    },
  };
}

export function axis(ink: Ink, name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: ink.soft },
    axisLine: { lineStyle: { color: ink["line-strong"] } },
    axisTick: { show: false },
    axisLabel: { color: ink.soft },
    splitLine: { lineStyle: { color: ink.line } },
    ...more,
  };
}

/** A chart with the table behind it: drawn for the eye, read out as rows, and both to take along. */
export function Chart({
  title,
  summary,
  option,
  table,
  file = table,
  height = 320,
  onReady,
  children,
}: {
  title: string;
  /** What it shows, in a sentence: for who cannot see it. */
  summary: string;
  option: (ink: Ink) => Option;
  table?: () => PlainTable;
  /** Where the table would be too long to show: its file alone. */
  file?: () => PlainTable;
  height?: number;
  onReady?: (chart: EChartsType) => (() => void) | undefined;
  children?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [asTable, setAsTable] = useState(false);
  const ink = useInk();
  useEffect(() => {
    let made: EChartsType | undefined;
    let gone = false;
    const watch = new ResizeObserver(() => made?.resize());
    void import("./engine").then(({ init }) => {
      if (gone || !box.current) return;
      made = init(box.current);
      watch.observe(box.current);
      setChart(made);
    });
    return () => {
      gone = true;
      watch.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, []);
  useEffect(() => {
    if (!chart) return;
    const base = frame(ink);
    const own = option(ink);
    chart.setOption(
      { ...base, ...own, tooltip: { ...(base.tooltip as object), ...((own.tooltip as object) ?? {}) } },
      { notMerge: true },
    );
  }, [chart, ink, option]);
  useEffect(() => (chart && onReady ? onReady(chart) : undefined), [chart, onReady]);
  const png = () => {
    const address = chart?.getDataURL({ pixelRatio: 2, backgroundColor: ink.surface });
    if (address) void fetch(address).then(async (answer) => save(await answer.blob(), `${title}.png`));
  };
  return (
    <figure className="min-w-0">
      <div className="mb-1 flex items-center justify-between gap-3">
        <figcaption className="text-sm font-medium">{title}</figcaption>
        <span className="flex gap-0.5">
          {table && (
            <Button small look="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              Table
            </Button>
          )}
          {file && (
            <Button
              small
              look="quiet"
              onClick={() => save(new Blob([asCsv(file())], { type: "text/csv" }), `${title}.csv`)}
            >
              CSV
            </Button>
          )}
          <Button small look="quiet" onClick={png}>
            PNG
          </Button>
        </span>
      </div>
      <div hidden={asTable}>
        <div ref={box} role="img" aria-label={`${title}. ${summary}`} style={{ height }} className="w-full" />
      </div>
      {table && <Rows table={table} visible={asTable} caption={title} />}
      {children}
    </figure>
  );
}

const MOST_ROWS = 200;

/** The table behind a chart; for screen readers it is always there. */
function Rows({ table, visible, caption }: { table: () => PlainTable; visible: boolean; caption: string }) {
  const { columns, rows } = table();
  return (
    <div className={visible ? "quiet-scroll max-h-80 overflow-auto" : "sr-only"}>
      <table className="w-full text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="px-2 py-1 text-left font-normal text-soft">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, at) => (
            <tr key={at} className="border-t border-line">
              {row.map((value, place) => (
                <td key={columns[place]} className="px-2 py-1 tabular-nums">
                  {typeof value === "number" ? Number(value.toPrecision(4)) : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
