import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Limits, Ranking } from "@/api/actions";
import { api } from "@/api/client";
import { cellMoney, count, sign, signed } from "@/format/amounts";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Sentence } from "@/ui/page";
import { Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { type Draft, paired, playOf, type Written } from "./play";
import { isUnreadable } from "./where";

const SETTLED_MS = 400;
const ALL = "All plays";

/** What the changed playbook would do to the list, beside the one in force, within the same limits. */
export function BeforeAfter({
  drafts,
  limits,
  before,
  keeping,
  onKeep,
  onDiscard,
  children,
}: {
  drafts: readonly Draft[];
  limits: Limits;
  before: Ranking;
  keeping: boolean;
  onKeep: (plays: Written[]) => void;
  onDiscard: () => void;
  children?: ReactNode;
}) {
  const settled = useSettled(drafts);
  const plays = settled.map(playOf);
  const unreadable = plays.find((play) => isUnreadable(play as never));
  const written = plays as unknown as Written[];
  const preview = useQuery({
    queryKey: ["post", "/api/v1/playbook/preview", limits, written],
    enabled: !unreadable,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: async ({ signal }) => {
      const { data } = await api.POST("/api/v1/playbook/preview", {
        params: { query: { ...limits } },
        body: { plays: written },
        signal,
      });
      return data as Ranking;
    },
  });
  const ready = preview.isSuccess && !preview.isPlaceholderData && settled === drafts && !unreadable;
  return (
    <section aria-label="What it would do" className="mt-7 rounded-lg border border-line bg-surface p-5">
      <h3 className="text-lg font-semibold tracking-[-0.01em]">What it would do</h3>
      <p className="mt-0.5 text-sm text-soft">Nothing is kept yet. Before and after are within the limits above.</p>
      <div aria-live="polite" className="mt-4">
        {unreadable ? (
          <p>A line of conditions cannot be read: see above.</p>
        ) : preview.error ? (
          <ErrorNotice error={preview.error} />
        ) : preview.data ? (
          <Compared before={before} after={preview.data} />
        ) : (
          <Skeleton className="h-72" />
        )}
      </div>
      {children && <div className="mt-4">{children}</div>}
      <div className="mt-5 flex flex-wrap gap-2">
        <Button look="primary" disabled={!ready || keeping} onClick={() => onKeep(written)}>
          Keep this playbook
        </Button>
        <Button disabled={keeping} onClick={onDiscard}>
          Discard changes
        </Button>
      </div>
    </section>
  );
}

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

interface Totals {
  chosen: number;
  cost: number;
  profit: number;
}

function Compared({ before, after }: { before: Ranking; after: Ranking }) {
  const whole = (ranking: Ranking): Totals => ({ ...ranking.chosen, chosen: ranking.chosen.customers });
  const rows: { name: string; before?: Totals; after?: Totals }[] = [
    ...paired(before.plays, after.plays),
    { name: ALL, before: whole(before), after: whole(after) },
  ];
  const unit = sign(after.currency);
  const cell = (row: (typeof rows)[number], part: keyof Totals) => (
    <Change before={row.before?.[part]} after={row.after?.[part]} asCount={part === "chosen"} />
  );
  return (
    <>
      <p className="mb-4 max-w-[72ch] text-soft">
        <Sentence text={after.headline} />
      </p>
      <Table
        caption="Before and after"
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          {
            heading: "Play",
            cell: (row) => (
              <span className={row.name === ALL ? "font-semibold" : ""}>
                {row.name}
                {!row.before && <span className="text-soft">, new</span>}
                {!row.after && <span className="text-soft">, gone</span>}
              </span>
            ),
          },
          { heading: "On the list", numeric: true, cell: (row) => cell(row, "chosen") },
          { heading: `Cost, ${unit}`, numeric: true, wideOnly: true, cell: (row) => cell(row, "cost") },
          { heading: `Expected profit, ${unit}`, numeric: true, cell: (row) => cell(row, "profit") },
        ]}
      />
    </>
  );
}

/** A figure as it is and as it would be; what stays as it is stands alone. */
function Change({
  before = 0,
  after = 0,
  asCount,
}: {
  before: number | undefined;
  after: number | undefined;
  asCount: boolean;
}) {
  const shown = asCount ? count : cellMoney;
  if (shown(before) === shown(after)) return <span className="text-soft">{shown(after)}</span>;
  return (
    <>
      <span className="text-soft">{shown(before)} → </span>
      {shown(after)} <span className="text-soft max-md:hidden">({signed(after - before, 0)})</span>
    </>
  );
}
