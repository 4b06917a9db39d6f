import type { components } from "@/api/schema";
import { cellMoney, count, share, signed } from "@/format/amounts";
import { day } from "@/format/times";
import { Section } from "@/ui/page";
import { CsvButton, Table } from "@/ui/table";

type PastDate = components["schemas"]["PastDate"];

/** Each past date: what was expected of the whole shop, and what came. */
export function PastDates({ dates }: { dates: readonly PastDate[] }) {
  const off = (bias: number | null) => (bias === null ? "–" : `${signed(bias * 100, 0)} %`);
  return (
    <Section
      title="What it would have said"
      note="On each past date the model was trained from scratch on what was known then."
    >
      <Table
        caption="Totals of the shop on past dates"
        rows={dates}
        rowKey={(row) => row.date}
        columns={[
          { heading: "Past date", cell: (row) => day(row.date) },
          { heading: "Customers", numeric: true, wideOnly: true, cell: (row) => count(row.customers) },
          { heading: "Spend expected", numeric: true, cell: (row) => cellMoney(row.spend.expected) },
          { heading: "Spent", numeric: true, cell: (row) => cellMoney(row.spend.actual) },
          { heading: "Off by", numeric: true, cell: (row) => off(row.spend.bias) },
          { heading: "Order days off by", numeric: true, wideOnly: true, cell: (row) => off(row.orders.bias) },
          {
            heading: "Top 10 % held",
            numeric: true,
            wideOnly: true,
            cell: (row) => share(row.scores["this forecast"]?.captured_spend),
          },
          { heading: "Level", wideOnly: true, cell: (row) => <span className="text-soft">{row.level_words}</span> },
        ]}
      />
      <CsvButton
        name="past-dates"
        table={() => ({
          columns: [
            "date",
            "customers",
            "buyers",
            "spend_expected",
            "spend_actual",
            "order_days_expected",
            "order_days_actual",
          ],
          rows: dates.map((row) => [
            row.date,
            row.customers,
            row.buyers,
            row.spend.expected,
            row.spend.actual,
            row.orders.expected,
            row.orders.actual,
          ]),
        })}
      />
    </Section>
  );
}
