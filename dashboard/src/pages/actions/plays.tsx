import type { Ranking } from "@/api/actions";
import { cellMoney, count, sign, signed } from "@/format/amounts";
import { CsvButton, Table } from "@/ui/table";
import { Term } from "@/ui/term";
import { EVIDENCE_MEANS, Evidence } from "./evidence";

/** The plays with what they suit, cost and bring, and how well their effect is known. */
export function Plays({ ranking }: { ranking: Ranking }) {
  const { plays, currency } = ranking;
  return (
    <>
      <Table
        caption="Plays"
        rows={plays}
        rowKey={(row) => row.name}
        columns={[
          {
            heading: "Play",
            cell: (row) => (
              <>
                {row.name}
                <span className="mt-0.5 block text-xs md:hidden">
                  <Evidence evidence={row.evidence} />
                </span>
              </>
            ),
          },
          { heading: "Suits", numeric: true, wideOnly: true, cell: (row) => count(row.suits) },
          {
            heading: <Term means="Customers for whom no other play is expected to earn more.">Best for</Term>,
            numeric: true,
            wideOnly: true,
            cell: (row) => count(row.best_for),
          },
          { heading: "On the list", numeric: true, cell: (row) => count(row.chosen) },
          { heading: `Cost, ${sign(currency)}`, numeric: true, wideOnly: true, cell: (row) => cellMoney(row.cost) },
          {
            heading: (
              <>
                <span className="max-md:hidden">Expected profit</span>
                <span className="md:hidden">Profit</span>, {sign(currency)}
              </>
            ),
            numeric: true,
            cell: (row) => <strong className="font-semibold">{cellMoney(row.profit)}</strong>,
          },
          {
            heading: (
              <Term means="Percentage points more buyers among customers whose chance to order is even; less among all others.">
                Effect, points
              </Term>
            ),
            numeric: true,
            wideOnly: true,
            cell: (row) => signed(row.points),
          },
          {
            heading: <Term means={EVIDENCE_MEANS}>Known from</Term>,
            wideOnly: true,
            cell: (row) => <Evidence evidence={row.evidence} />,
          },
        ]}
      />
      <div className="mt-1">
        <CsvButton
          name="plays"
          table={() => ({
            columns: [
              "play",
              "suits",
              "best_for",
              "on_the_list",
              "cost",
              "expected_profit",
              "effect_points",
              "evidence",
            ],
            rows: plays.map((row) => [
              row.name,
              row.suits,
              row.best_for,
              row.chosen,
              row.cost,
              row.profit,
              row.points,
              row.evidence,
            ]),
          })}
        />
      </div>
    </>
  );
}
