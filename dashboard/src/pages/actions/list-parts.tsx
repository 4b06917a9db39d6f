import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Action } from "@/api/actions";
import { fixed, money, share } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { Evidence } from "./evidence";

/** The columns of the list, shared by its head and its rows. */
export const COLUMNS =
  "grid-cols-[6rem_minmax(0,1fr)_5rem_4rem_13rem] gap-x-4 lg:grid-cols-[7rem_minmax(0,1fr)_minmax(0,12rem)_8rem_5rem_13rem]";

interface Placed {
  nth: number;
  top: number;
  height: number;
  row: Action;
}

export function HeadCell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span role="columnheader" tabIndex={-1} className={className}>
      {children}
    </span>
  );
}

export function Row({ nth, top, height, row }: Placed) {
  return (
    <div
      role="row"
      aria-rowindex={nth + 2}
      tabIndex={-1}
      className={`absolute left-0 grid w-full items-center border-b border-line px-4 ${COLUMNS}`}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="cell" className="truncate">
        <CustomerLink id={row.customer_id} />
      </span>
      <span role="cell" className="min-w-0" title={`${row.what} ${inReadersFigures(row.why)}`}>
        <span className="block truncate">{row.what}</span>
        <span className="line-clamp-2 text-soft">{inReadersFigures(row.why)}</span>
      </span>
      <span role="cell" className="text-soft max-lg:hidden" title={row.timing}>
        <span className="line-clamp-2">{row.timing}</span>
      </span>
      <span role="cell" className="text-right tabular-nums">
        {share(row.p_buy)}
      </span>
      <span role="cell" className="text-right tabular-nums">
        {fixed(row.cost, 2)}
      </span>
      <span role="cell" className="text-right tabular-nums">
        <strong className="font-semibold">{fixed(row.profit, 2)}</strong>{" "}
        <span className="text-soft">
          ({fixed(row.profit_low, 2)} to {fixed(row.profit_high, 2)})
        </span>
        <span className="flex justify-end">
          <Evidence evidence={row.evidence} />
        </span>
      </span>
    </div>
  );
}

/** On a phone: who and how much, what, why and when, and how likely they order anyway. */
export function NarrowRow({ nth, top, height, row, currency }: Placed & { currency: string | null }) {
  return (
    <div
      role="row"
      aria-rowindex={nth + 2}
      tabIndex={-1}
      className="absolute left-0 flex w-full flex-col justify-center gap-0.5 border-b border-line px-3"
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="cell" className="flex justify-between gap-3">
        <CustomerLink id={row.customer_id} />
        <span>
          <strong className="font-semibold">{money(row.profit, currency)}</strong>{" "}
          <span className="text-soft">
            ({money(row.profit_low, currency)} to {money(row.profit_high, currency)})
          </span>
        </span>
      </span>
      <span role="cell" className="truncate">
        {row.what}
      </span>
      <span role="cell" className="line-clamp-2 text-soft">
        {inReadersFigures(row.why)}
      </span>
      <span role="cell" className="truncate text-soft">
        {row.timing}
      </span>
      <span role="cell" className="flex justify-between gap-3 text-xs">
        <span className="text-soft">chance to order {share(row.p_buy)}</span>
        <Evidence evidence={row.evidence} />
      </span>
    </div>
  );
}

function CustomerLink({ id }: { id: string }) {
  return (
    <Link href={`/customers/${encodeURIComponent(id)}`} className="link font-medium">
      {id}
    </Link>
  );
}
