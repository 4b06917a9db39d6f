import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api } from "@/api/client";
import type { ActionList } from "@/api/lists";
import { count, fixed, share, sign } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/field";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

const PAGE = 50;

type Arm = "treated" | "holdout";

/** Who is on the list, the best first, in one arm or the other. */
export function Entries({ list }: { list: ActionList }) {
  const [arm, setArm] = useState<Arm>("treated");
  const found = useInfiniteQuery({
    queryKey: ["get", `/api/v1/action-lists/${list.id}/entries`, arm],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await api.GET("/api/v1/action-lists/{list_id}/entries", {
        params: { path: { list_id: list.id }, query: { arm, limit: PAGE, cursor: pageParam } },
        signal,
      });
      if (!data) throw new Error("The entries did not come.");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor,
  });
  const all = arm === "treated" ? list.totals.treated : list.totals.held_out;
  return (
    <Section
      title="Who is on it"
      note={
        arm === "treated"
          ? "Those who are treated, the best first."
          : "Those who are left alone, drawn at random: what they order is what the others would have ordered."
      }
      actions={
        list.totals.held_out > 0 && (
          <Choice
            label="Arm"
            value={arm}
            options={[
              ["treated", `Treated ${count(list.totals.treated)}`],
              ["holdout", `Left alone ${count(list.totals.held_out)}`],
            ]}
            onChange={setArm}
          />
        )
      }
    >
      <Loaded query={found} skeleton={<Skeleton className="h-96" />}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          return (
            <>
              <Table
                caption="Customers of the list"
                rows={rows}
                rowKey={(row) => row.place}
                columns={[
                  { heading: "Place", numeric: true, wideOnly: true, cell: (row) => count(row.place) },
                  {
                    heading: "Customer",
                    cell: (row) => (
                      <Link href={`/customers/${encodeURIComponent(row.customer_id)}`} className="link">
                        {row.customer_id}
                      </Link>
                    ),
                  },
                  {
                    heading: "What, and why",
                    cell: (row) => (
                      <span className="block py-1">
                        {row.words.what} <span className="block text-soft">{inReadersFigures(row.words.why)}</span>
                      </span>
                    ),
                  },
                  { heading: "Chance to order", numeric: true, wideOnly: true, cell: (row) => share(row.p_buy) },
                  {
                    heading: `Expected profit, ${sign(list.currency)}`,
                    numeric: true,
                    cell: (row) => fixed(row.profit, 2),
                  },
                ]}
              />
              <div className="mt-2 flex items-center gap-3 text-sm text-soft">
                {count(rows.length)} of {count(all)}
                {found.hasNextPage && (
                  <Button small disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                    Show more
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
