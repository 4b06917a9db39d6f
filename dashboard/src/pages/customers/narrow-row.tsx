import clsx from "clsx";
import type { CustomerRow } from "@/api/customers";
import { decimal, money } from "@/format/amounts";
import { Risk } from "@/ui/risk";
import type { Feature } from "./kinds";

/** A customer on a phone: who, how late, and what is at risk; the row opens the drawer. */
export function NarrowRow({
  nth,
  top,
  height,
  row,
  columns,
  open,
  currency,
  onOpen,
}: {
  nth: number;
  top: number;
  height: number;
  row: CustomerRow;
  columns: readonly Feature[];
  open: boolean;
  currency: string | null | undefined;
  onOpen: () => void;
}) {
  const has = (name: string) => columns.some((column) => column.name === name);
  const days = row.days_since_last_order;
  const shows = has("revenue_at_risk") ? "revenue_at_risk" : "net_revenue";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears Enter
    <div
      role="row"
      id={`row-${nth}`}
      aria-rowindex={nth + 2}
      tabIndex={-1}
      onClick={onOpen}
      className={clsx("absolute left-0 w-full cursor-pointer border-b border-line px-3 py-2", open && "bg-accent-wash")}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div role="rowheader" tabIndex={-1} className="flex justify-between gap-3 font-medium">
        <span className="truncate">{String(row.customer_id)}</span>
        <span>{money(row[shows] as string | null, currency)}</span>
      </div>
      <div role="gridcell" tabIndex={-1} className="flex justify-between gap-3 text-soft">
        {has("risk_band") ? <Risk band={String(row.risk_band)} /> : <span />}
        {typeof days === "number" && <span>last order {decimal(days, 0)} days ago</span>}
      </div>
    </div>
  );
}
