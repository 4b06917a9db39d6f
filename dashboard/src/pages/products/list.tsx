import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { $api } from "@/api/client";
import { cellMoney, count, sign } from "@/format/amounts";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

const PAGE = 25;
const MOST = 1000;

/** Products with their figures, the first ones; a product's name opens it. */
export function List({ search, sort, onOpen }: { search: string; sort: string; onOpen: (id: string) => void }) {
  const [limit, setLimit] = useState(PAGE);
  const products = $api.useQuery(
    "get",
    "/api/v1/products",
    { params: { query: { search: search || undefined, sort, limit } } },
    { placeholderData: keepPreviousData },
  );
  return (
    <div className="mt-5">
      <Loaded query={products} skeleton={<Skeleton className="h-96" />}>
        {(page) =>
          page.total === 0 ? (
            <p className="text-soft">No product has this in its name or id.</p>
          ) : (
            <>
              <Table
                caption="Products"
                rows={page.items}
                rowKey={(row) => row.product_id}
                columns={[
                  {
                    heading: "Product",
                    cell: (row) => (
                      <button type="button" className="link text-left" onClick={() => onOpen(row.product_id)}>
                        {row.product_name ?? row.product_id}
                      </button>
                    ),
                  },
                  { heading: "Category", wideOnly: true, cell: (row) => row.category ?? "–" },
                  { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
                  { heading: "Orders", numeric: true, wideOnly: true, cell: (row) => count(row.orders) },
                  {
                    heading: `Revenue, ${sign(page.currency)}`,
                    numeric: true,
                    cell: (row) => cellMoney(row.revenue),
                  },
                  { heading: "Sold last", wideOnly: true, cell: (row) => day(row.last_sold_at) },
                ]}
              />
              <p className="mt-3 flex items-center gap-4 text-sm text-soft">
                {count(page.items.length)} of {count(page.total)}
                {page.total > page.items.length && limit < MOST && (
                  <Button small onClick={() => setLimit(Math.min(limit * 4, MOST))}>
                    Show more
                  </Button>
                )}
              </p>
            </>
          )
        }
      </Loaded>
    </div>
  );
}
