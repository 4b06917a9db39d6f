import { cellMoney, count, share, sign } from "@/format/amounts";
import { Section } from "@/ui/page";
import { ShareBar, Table } from "@/ui/table";
import type { AllSegments } from "./segments";

/** Rule segments that the shop keeps; left out where it has none. */
export function Rules({ data }: { data: AllSegments }) {
  const rules = data.rules;
  if (!rules?.segments.length) return null;
  return (
    <Section title="Rules" note={`${count(rules.outside)} customers are in none of them.`}>
      <Table
        caption="Rule segments"
        rows={rules.segments}
        rowKey={(row) => row.name}
        columns={[
          { heading: "Name", cell: (row) => row.name },
          { heading: "Rule", cell: (row) => <span className="text-soft">{row.sentence}</span> },
          { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
          {
            heading: `Revenue, ${sign(data.currency)}`,
            numeric: true,
            wideOnly: true,
            cell: (row) => cellMoney(row.revenue),
          },
          {
            heading: "Share of revenue",
            numeric: true,
            cell: (row) => <ShareBar value={row.revenue_share}>{share(row.revenue_share)}</ShareBar>,
          },
        ]}
      />
    </Section>
  );
}
