import { Link } from "wouter";
import { $api } from "@/api/client";
import { count, decimal, share } from "@/format/amounts";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { ShareBar, Table } from "@/ui/table";

const SHOWN = 5;

/** The groups that hold most revenue, and what suits each of them. */
export function GroupsToday() {
  const segments = $api.useQuery("get", "/api/v1/segments", {});
  return (
    <Section
      title="What suits whom"
      note="The groups with most revenue. What each action brings is not known until it was tried against a holdout."
      actions={
        <Link href="/segments" className="link text-sm">
          All groups
        </Link>
      }
    >
      <Loaded query={segments} skeleton={<Skeleton className="h-56" />}>
        {(data) => (
          <Table
            caption="Groups with most revenue"
            rows={data.rfm_groups.slice(0, SHOWN)}
            rowKey={(row) => row.segment}
            columns={[
              {
                heading: "Group",
                cell: (row) => (
                  <Link href={`/customers?where=${encodeURIComponent(`rfm_group=${row.segment}`)}`} className="link">
                    {row.segment}
                  </Link>
                ),
              },
              { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
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
              { heading: "What suits it", cell: (row) => row.action },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
