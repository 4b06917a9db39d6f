import type { components } from "@/api/schema";
import { count, share } from "@/format/amounts";
import { day } from "@/format/times";
import { Table } from "@/ui/table";

type Learned = components["schemas"]["RecommendationEvaluation"];
type Measured = components["schemas"]["Measured"];

const NAMES: Record<string, string> = {
  popular: "Popular",
  popular_in_segment: "Popular in the RFM group",
  popular_in_category: "Popular, categories bought from first",
  same_basket: "Same basket as the last order",
  bought_with: "Bought with what was bought",
  similar_customers: "Customers like this one (factors)",
  "as answered": "As answered, with what is due again",
};

/** Every method on a past day, beside popularity. */
export function Evaluation({ learned }: { learned: Learned }) {
  const past = learned.evaluation;
  if (past === null) return <p className="text-soft">{learned.why}</p>;
  return (
    <div className="flex flex-col gap-8">
      <p className="max-w-[80ch] text-sm text-soft">
        Ten products for each customer, learned from what was known before {day(past.as_of)}, judged by what was bought
        until {day(past.until)}. Hit: one of the ten was bought.
      </p>
      <Rows title="What was new to the customer" rows={past.new} />
      <Rows title="All that was bought" rows={past.all} />
    </div>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly Measured[] }) {
  return (
    <section>
      <h3 className="font-semibold">{title}</h3>
      <p className="text-sm text-soft">{count(rows[0]?.customers ?? 0)} customers</p>
      <Table
        caption={title}
        rows={rows}
        rowKey={(row) => row.method}
        columns={[
          { heading: "Method", cell: (row) => NAMES[row.method] ?? row.method },
          { heading: "Hit", numeric: true, cell: (row) => share(row.hit_rate) },
          { heading: "NDCG", numeric: true, wideOnly: true, cell: (row) => row.ndcg.toFixed(3) },
          { heading: "Recall", numeric: true, wideOnly: true, cell: (row) => row.recall.toFixed(3) },
          { heading: "Products shown", numeric: true, wideOnly: true, cell: (row) => share(row.coverage) },
          {
            heading: "NDCG above popularity",
            numeric: true,
            cell: (row) =>
              row.method === "popular"
                ? "–"
                : `${row.gain.toFixed(3)} (${row.low.toFixed(3)} to ${row.high.toFixed(3)})`,
          },
        ]}
      />
    </section>
  );
}
