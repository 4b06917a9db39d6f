import type { Ranking } from "@/api/actions";
import { count, many, money } from "@/format/amounts";
import { Table } from "@/ui/table";
import { leftAlone } from "./left-alone";

/** Whom to leave alone, and why; with what treating them all the same would cost. */
export function LeftAlone({ list, whole }: { list: Ranking; whole: Ranking }) {
  const reasons = leftAlone(list, whole);
  const everybody = whole.curve.at(-1);
  const lost = everybody ? whole.chosen.profit - everybody.profit : 0;
  return (
    <section className="min-w-0">
      <h2 className="text-lg font-semibold tracking-[-0.01em]">Whom to leave alone</h2>
      <p className="mt-0.5 text-sm text-soft">
        {list.chosen.customers === 0
          ? `All ${many(list.customers, "customer")}.`
          : `${count(list.customers - list.chosen.customers)} of ${many(list.customers, "customer")}.`}
        {everybody &&
          lost > 0 &&
          ` Treating everybody whom a play suits would cost ${money(everybody.cost, list.currency)} and earn ${money(lost, list.currency)} less than stopping in time.`}
      </p>
      <div className="mt-4">
        {reasons.length ? (
          <Table
            caption="Customers who are left alone"
            rows={reasons}
            rowKey={(row) => row.why}
            columns={[
              {
                heading: "Why",
                cell: (row) => (
                  <>
                    {row.why}
                    <span className="block text-soft">{row.means}</span>
                  </>
                ),
              },
              { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
            ]}
          />
        ) : (
          <p className="text-soft">Nobody: every customer is on the list.</p>
        )}
      </div>
    </section>
  );
}
