import clsx from "clsx";
import type { ReactNode } from "react";
import { save } from "@/api/client";
import { asCsv, type PlainTable } from "@/format/csv";
import { Button } from "./button";

export interface Column<Row> {
  readonly heading: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Left out where the page is narrow. */
  readonly wideOnly?: boolean;
}

/** A table of a few rows; long ones are virtualised, see pages/customers. */
export function Table<Row>({
  columns,
  rows,
  rowKey,
  caption,
}: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, at: number) => string | number;
  caption: string;
}) {
  const shape = (column: Column<Row>): string =>
    clsx(
      column.numeric ? "whitespace-nowrap text-right tabular-nums" : "text-left",
      column.wideOnly && "max-md:hidden",
    );
  return (
    <section className="overflow-x-auto quiet-scroll" aria-label={caption} tabIndex={0}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-soft">
            {columns.map((column, at) => (
              <th
                key={at}
                scope="col"
                className={clsx("h-8 whitespace-nowrap px-3 font-normal first:pl-0 last:pr-0", shape(column))}
              >
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, nth) => (
            <tr key={rowKey(row, nth)} className="border-b border-line last:border-0">
              {columns.map((column, at) => (
                <td key={at} className={clsx("h-9 px-3 py-1 first:pl-0 last:pr-0", shape(column))}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function CsvButton({ table, name }: { table: () => PlainTable; name: string }) {
  return (
    <Button
      small
      look="quiet"
      className="-ml-2"
      onClick={() => save(new Blob([asCsv(table())], { type: "text/csv" }), `${name}.csv`)}
    >
      CSV
    </Button>
  );
}

/** A share as a bar behind its number. */
export function ShareBar({ value, children }: { value: number | null; children: ReactNode }) {
  const width = Math.round(Math.max(0, Math.min(1, value ?? 0)) * 100);
  return (
    <span className="inline-flex w-full items-center md:min-w-28 justify-end gap-2">
      <svg
        aria-hidden="true"
        className="h-2 min-w-12 flex-1 max-md:hidden"
        preserveAspectRatio="none"
        viewBox="0 0 100 8"
      >
        <rect width="100" height="8" rx="1" fill="var(--sunken)" />
        <rect width={width} height="8" rx="1" fill="var(--accent)" opacity="0.75" />
      </svg>
      <span className="text-right md:min-w-12">{children}</span>
    </span>
  );
}
