import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { count } from "@/format/amounts";
import { Button } from "@/ui/button";
import { useNarrow } from "@/ui/narrow";
import { Empty } from "@/ui/states";
import type { Asked } from "./asked";
import { type Feature, heading, isNumeric, kindOf } from "./kinds";
import { HeadCell, Row } from "./list-parts";
import { NarrowRow } from "./narrow-row";
import { Selected } from "./selected";
import type { Listed } from "./use-customers";

const ROW = 36;
const NARROW_ROW = 60;
const ID_WIDTH = 190;

/** As wide as its heading, and as what stands below it. */
export function widthOf(column: Feature): number {
  const title = heading(column, "GBP").length * 7.2 + 40;
  return Math.round(Math.max(title, isNumeric(kindOf(column)) ? 96 : 168));
}

/** The table: only the rows in sight exist, so that its length does not matter. */
export function List({
  asked,
  change,
  columns,
  customers,
}: {
  asked: Asked;
  change: (part: Partial<Asked>) => void;
  columns: readonly Feature[];
  customers: Listed;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const narrow = useNarrow();
  const height = narrow ? NARROW_ROW : ROW;
  const { rows, first, hasNextPage, isFetchingNextPage, fetchNextPage } = customers;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 14,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last > rows.length - 120) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const idOf = (at: number): string => String(rows[at]?.customer_id ?? "");
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const move = (to: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, to));
    setActive(at);
    virtual.scrollToIndex(at);
    if (asked.customer) change({ customer: idOf(at) });
  };
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 15,
      PageUp: active - 15,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter") change({ customer: idOf(active) });
    else if (event.key === " ") toggle(idOf(active));
    else return;
    event.preventDefault();
  };
  if (!rows.length) {
    return (
      <Empty
        title="Nobody fits."
        action={<Button onClick={() => change({ where: [], search: "" })}>Show everybody</Button>}
      >
        The conditions above leave no customer.
      </Empty>
    );
  }
  const width = narrow ? 0 : ID_WIDTH + columns.reduce((sum, column) => sum + widthOf(column), 0);
  return (
    <div>
      <div
        ref={box}
        role="grid"
        aria-label="Customers"
        aria-busy={customers.isPlaceholderData}
        aria-rowcount={(first?.total ?? 0) + 1}
        aria-colcount={columns.length + 1}
        tabIndex={0}
        aria-activedescendant={items.some((item) => item.index === active) ? `row-${active}` : undefined}
        onKeyDown={onKey}
        className="quiet-scroll h-[calc(100dvh-17rem)] min-h-80 overflow-auto rounded-lg border border-line bg-surface text-sm"
      >
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className={clsx("sticky top-0 z-20 flex border-b border-line bg-surface", narrow && "sr-only")}
          style={{ minWidth: width }}
        >
          <HeadCell
            sticky
            name="Customer"
            column="customer_id"
            width={ID_WIDTH}
            sort={asked.sort}
            onSort={(sort) => change({ sort })}
          />
          {columns.map((column) => (
            <HeadCell
              key={column.name}
              name={heading(column, first?.currency)}
              column={column.name}
              means={column.definition}
              numeric={isNumeric(kindOf(column))}
              width={widthOf(column)}
              sort={asked.sort}
              onSort={(sort) => change({ sort })}
            />
          ))}
        </div>
        <div className="relative" style={{ height: virtual.getTotalSize(), minWidth: width }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const id = String(row.customer_id);
            const place = { nth: item.index, top: item.start, height, row, columns, open: asked.customer === id };
            const open = () => {
              setActive(item.index);
              change({ customer: id });
            };
            if (narrow) return <NarrowRow key={id} {...place} currency={first?.currency} onOpen={open} />;
            return (
              <Row
                key={id}
                {...place}
                idWidth={ID_WIDTH}
                active={item.index === active}
                selected={selected.has(id)}
                onSelect={() => toggle(id)}
                onOpen={open}
              />
            );
          })}
        </div>
      </div>
      <div className="mt-2 flex min-h-8 flex-wrap items-center justify-between gap-3 text-sm text-soft">
        {selected.size > 0 ? (
          <Selected ids={selected} rows={rows} columns={columns} onClear={() => setSelected(new Set())} />
        ) : (
          <span>
            {count(rows.length)} of {count(first?.total)} loaded{isFetchingNextPage ? ", more coming" : ""}.
            {!narrow && " Arrow keys move, Enter opens, Space selects."}
          </span>
        )}
      </div>
    </div>
  );
}
