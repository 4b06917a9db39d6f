import clsx from "clsx";
import type { CustomerRow } from "@/api/customers";
import { Risk } from "@/ui/risk";
import { type Feature, isNumeric, kindOf, shown } from "./kinds";
import { widthOf } from "./list";

/** A heading that sorts: falling first, then rising. */
export function HeadCell({
  name,
  column,
  means,
  numeric = false,
  sticky = false,
  width,
  sort,
  onSort,
}: {
  name: string;
  column: string;
  means?: string;
  numeric?: boolean;
  sticky?: boolean;
  width: number;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const falls = sort === `-${column}`;
  const rises = sort === column;
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-sort={falls ? "descending" : rises ? "ascending" : "none"}
      style={{ width }}
      className={clsx("shrink-0", sticky && "sticky left-0 z-10 bg-surface", numeric && "text-right")}
    >
      <button
        type="button"
        tabIndex={-1}
        title={means}
        onClick={() => onSort(falls ? column : `-${column}`)}
        className={clsx(
          "h-9 w-full truncate px-3 hover:text-ink",
          numeric ? "text-right" : "text-left",
          falls || rises ? "font-medium text-ink" : "text-soft",
        )}
      >
        {name} {falls ? "↓" : rises ? "↑" : ""}
      </button>
    </div>
  );
}

export function Row({
  nth,
  top,
  height,
  idWidth,
  row,
  columns,
  active,
  open,
  selected,
  onSelect,
  onOpen,
}: {
  nth: number;
  top: number;
  height: number;
  idWidth: number;
  row: CustomerRow;
  columns: readonly Feature[];
  active: boolean;
  open: boolean;
  selected: boolean;
  onSelect: () => void;
  onOpen: () => void;
}) {
  const id = String(row.customer_id);
  const ground = open || selected ? "bg-accent-wash" : active ? "bg-sunken" : "bg-surface group-hover:bg-sunken";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears Enter
    <div
      role="row"
      id={`row-${nth}`}
      aria-rowindex={nth + 2}
      aria-selected={selected}
      tabIndex={-1}
      onClick={onOpen}
      className={clsx("group absolute left-0 flex w-full cursor-pointer items-center border-b border-line", ground)}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div
        role="rowheader"
        tabIndex={-1}
        style={{ width: idWidth, height: height - 1 }}
        className={clsx("sticky left-0 z-10 flex shrink-0 items-center gap-2 px-3", ground)}
      >
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${id}`}
          checked={selected}
          onChange={onSelect}
          onClick={(event) => event.stopPropagation()}
          className="accent-[var(--accent)]"
        />
        <span className="truncate font-medium">{id}</span>
      </div>
      {columns.map((column) => (
        <div
          key={column.name}
          role="gridcell"
          tabIndex={-1}
          style={{ width: widthOf(column) }}
          className={clsx("shrink-0 truncate px-3", isNumeric(kindOf(column)) && "text-right tabular-nums")}
        >
          {column.name === "risk_band" ? (
            <Risk band={String(row.risk_band)} />
          ) : (
            shown(row[column.name], kindOf(column))
          )}
        </div>
      ))}
    </div>
  );
}
