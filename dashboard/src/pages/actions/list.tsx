import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Ranking } from "@/api/actions";
import { count, sign } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { Button } from "@/ui/button";
import { useNarrow } from "@/ui/narrow";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { COLUMNS, HeadCell, NarrowRow, Row } from "./list-parts";
import type { Listed } from "./use-actions";

const ROW = 76;
const NARROW_ROW = 140;
const HEAD = 36;
const BORDERS = 2;
const MOST_IN_SIGHT = 8;
const MOST_ON_A_PHONE = 5;

/** Who, what, why and when, the most profitable first; only the rows in sight exist. */
export function List({ listed, ranking, onReset }: { listed: Listed; ranking: Ranking; onReset: () => void }) {
  return (
    <Section
      title="The list"
      note={
        ranking.budget === null
          ? "Those that are expected to earn most come first."
          : "Those that are expected to earn most for what they cost come first."
      }
    >
      {listed.rows.length ? (
        <Rows listed={listed} ranking={ranking} />
      ) : (
        <Empty
          title="Nobody is on the list."
          action={
            ranking.budget !== null || ranking.contacts !== null ? (
              <Button onClick={onReset}>Take the limits away</Button>
            ) : undefined
          }
        >
          {inReadersFigures(ranking.headline)}
        </Empty>
      )}
    </Section>
  );
}

function Rows({ listed, ranking }: { listed: Listed; ranking: Ranking }) {
  const box = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = listed;
  const height = narrow ? NARROW_ROW : ROW;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last > rows.length - 60) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <div
        ref={box}
        role="table"
        aria-label="The list of actions"
        aria-rowcount={ranking.chosen.customers + 1}
        tabIndex={0}
        style={{
          height:
            Math.min(rows.length, narrow ? MOST_ON_A_PHONE : MOST_IN_SIGHT) * height +
            (narrow ? BORDERS : HEAD + BORDERS),
        }}
        className="quiet-scroll overflow-y-auto rounded-lg border border-line bg-surface text-sm"
      >
        {!narrow && (
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface" style={{ height: HEAD }}>
            <div
              role="row"
              aria-rowindex={1}
              tabIndex={-1}
              className={`grid h-full items-center px-4 text-soft ${COLUMNS}`}
            >
              <HeadCell>Customer</HeadCell>
              <HeadCell>What, and why</HeadCell>
              <HeadCell className="max-lg:hidden">When</HeadCell>
              <HeadCell className="text-right">Chance to order</HeadCell>
              <HeadCell className="text-right">Cost, {sign(ranking.currency)}</HeadCell>
              <HeadCell className="text-right">Expected profit, {sign(ranking.currency)}</HeadCell>
            </div>
          </div>
        )}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const place = { nth: index, top: start, height, row };
            return narrow ? (
              <NarrowRow key={row.customer_id} {...place} currency={ranking.currency} />
            ) : (
              <Row key={row.customer_id} {...place} />
            );
          })}
        </div>
      </div>
      <p className="mt-2 text-sm text-soft">
        {count(rows.length)} of {count(ranking.chosen.customers)} loaded{isFetchingNextPage ? ", more coming" : ""}. The
        file has all of them, with what to say.
      </p>
    </>
  );
}
