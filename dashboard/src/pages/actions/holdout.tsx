import type { Ranking } from "@/api/actions";
import { count, fixed, share, sign } from "@/format/amounts";
import { Details, Sentence } from "@/ui/page";
import { CsvButton, Table } from "@/ui/table";
import { Term } from "@/ui/term";

/** How many of the list to leave alone at random, so that its effect can be seen; or that it cannot. */
export function Holdout({ ranking }: { ranking: Ranking }) {
  const { splits, proposed, sentence } = ranking.holdout;
  return (
    <section className="min-w-0">
      <h2 className="text-lg font-semibold tracking-[-0.01em]">How its effect will be seen</h2>
      <p className="mt-0.5 text-sm text-soft">
        Some customers of the list, drawn at random, get nothing: what they order is what the others would have ordered.
      </p>
      <p className="mt-4 text-soft">
        <Sentence text={sentence} />
      </p>
      <p className="mt-2 text-sm text-soft">
        <em className="not-italic text-ink">Draw this list</em> leaves them alone, and keeps who they are. The plain
        export holds nobody out.
      </p>
      {ranking.chosen.customers > 0 && (
        <Details label="Every split considered">
          <Table
            caption="Holdouts considered"
            rows={splits}
            rowKey={(row) => row.share}
            columns={[
              {
                heading: "Held out",
                cell: (row) => (
                  <span className={row.share === proposed?.share ? "font-semibold" : ""}>
                    {share(row.share)}
                    {row.share === proposed?.share && ", proposed"}
                  </span>
                ),
              },
              { heading: "Left alone", numeric: true, wideOnly: true, cell: (row) => count(row.held_out) },
              { heading: "Treated", numeric: true, wideOnly: true, cell: (row) => count(row.treated) },
              {
                heading: (
                  <Term means="The smallest rise of the share of buyers that is found in four of five cases; smaller ones stay unseen.">
                    Sees from, points
                  </Term>
                ),
                numeric: true,
                cell: (row) => fixed(row.detectable_points, 1),
              },
              {
                heading: `Sees from, ${sign(ranking.currency)} a customer`,
                numeric: true,
                cell: (row) => fixed(row.detectable_money, 2),
              },
            ]}
          />
          <CsvButton
            name="holdouts"
            table={() => ({
              columns: ["share", "held_out", "treated", "detectable_points", "detectable_money"],
              rows: splits.map((row) => [
                row.share,
                row.held_out,
                row.treated,
                row.detectable_points,
                row.detectable_money,
              ]),
            })}
          />
        </Details>
      )}
    </section>
  );
}
