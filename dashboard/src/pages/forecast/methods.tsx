import type { components } from "@/api/schema";
import { fixed, share, signed } from "@/format/amounts";
import { CsvButton, Table } from "@/ui/table";
import { Term } from "@/ui/term";

type Difference = components["schemas"]["Difference"];
type MethodRow = components["schemas"]["MethodRow"];

/** Every method with its mean scores over the past dates, and what the forecast gains over it. */
export function Methods({ rows }: { rows: readonly MethodRow[] }) {
  const gain = (difference: Difference | null) =>
    difference ? `${signed(difference.value, 3)} (${signed(difference.low, 3)} to ${signed(difference.high, 3)})` : "–";
  return (
    <>
      <Table
        caption="Methods compared on past dates"
        rows={rows}
        rowKey={(row) => row.method}
        columns={[
          {
            heading: "Method",
            cell: (row) => <span className={row.method === "this forecast" ? "font-semibold" : ""}>{row.method}</span>,
          },
          {
            heading: (
              <Term means="Of a buyer and a non-buyer, how often the buyer came first. 0.5 is chance.">AUC</Term>
            ),
            numeric: true,
            cell: (row) => fixed(row.scores.auc, 3),
          },
          {
            heading: (
              <Term means="Mean of -log of the probability given to what happened; lower is better. Rules that only rank have none.">
                Log loss
              </Term>
            ),
            numeric: true,
            wideOnly: true,
            cell: (row) => fixed(row.scores.log_loss, 3),
          },
          {
            heading: (
              <Term means="Share of the spend that came which the first 10 % of the list held.">Top 10 % held</Term>
            ),
            numeric: true,
            cell: (row) => share(row.scores.captured_spend),
          },
          {
            heading: "Gain of the forecast in AUC, 95 %",
            numeric: true,
            wideOnly: true,
            cell: (row) => gain(row.auc_difference),
          },
        ]}
      />
      <CsvButton
        name="methods"
        table={() => ({
          columns: ["method", "auc", "log_loss", "ece", "captured_spend", "customers", "buyers"],
          rows: rows.map(({ method, scores }) => [
            method,
            scores.auc,
            scores.log_loss,
            scores.ece,
            scores.captured_spend,
            scores.customers,
            scores.buyers,
          ]),
        })}
      />
    </>
  );
}
