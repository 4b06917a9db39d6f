import { Link } from "wouter";
import type { components } from "@/api/schema";
import { cellMoney, count, decimal, share, sign } from "@/format/amounts";
import { columnName } from "@/format/words";
import { CsvButton, ShareBar, Table } from "@/ui/table";

type Segment = components["schemas"]["Segment"];

/** Groups with their size, their revenue, their median customer, and what suits them. */
export function Groups({
  segments,
  grouping,
  currency,
}: {
  segments: readonly Segment[];
  grouping: string;
  currency: string | null;
}) {
  const table = () => ({
    columns: [
      "segment",
      "customers",
      "customer_share",
      "revenue",
      "revenue_share",
      "median_days_since_last_order",
      "median_order_count",
      "median_net_revenue",
      "action",
    ],
    rows: segments.map((row) => [
      row.segment,
      row.customers,
      row.customer_share,
      row.revenue,
      row.revenue_share,
      row.median_days_since_last_order,
      row.median_order_count,
      row.median_net_revenue,
      row.action,
    ]),
  });
  return (
    <div className="mt-6">
      <Table
        caption={`Groups: ${columnName(grouping)}`}
        rows={segments}
        rowKey={(row) => row.segment}
        columns={[
          {
            heading: "Group",
            cell: (row) => (
              <Link href={`/customers?where=${encodeURIComponent(`${grouping}=${row.segment}`)}`} className="link">
                {row.segment}
              </Link>
            ),
          },
          { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
          { heading: "Of all", numeric: true, wideOnly: true, cell: (row) => share(row.customer_share) },
          {
            heading: "Share of revenue",
            numeric: true,
            cell: (row) => <ShareBar value={row.revenue_share}>{share(row.revenue_share)}</ShareBar>,
          },
          {
            heading: "Last order, days ago",
            numeric: true,
            wideOnly: true,
            cell: (row) => decimal(row.median_days_since_last_order, 0),
          },
          { heading: "Orders", numeric: true, wideOnly: true, cell: (row) => decimal(row.median_order_count, 0) },
          {
            heading: `Net revenue, ${sign(currency)}`,
            numeric: true,
            wideOnly: true,
            cell: (row) => cellMoney(row.median_net_revenue),
          },
          { heading: "What suits it", cell: (row) => row.action },
        ]}
      />
      <div className="mt-1 flex items-center gap-2 text-xs text-soft">
        <CsvButton name={grouping} table={table} />
        <span className="max-md:hidden">Days, orders and net revenue are those of the median customer.</span>
      </div>
    </div>
  );
}
