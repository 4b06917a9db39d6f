import { useState } from "react";
import { Link } from "wouter";
import { briefShare, cellMoney, count, decimal, sign } from "@/format/amounts";
import { Choice } from "@/ui/field";
import { Facts } from "@/ui/page";
import { CsvButton } from "@/ui/table";
import type { AllSegments } from "./segments";

type Shown = "revenue" | "customers";
type Cell = AllSegments["rfm_grid"][number];

const SCORES = [1, 2, 3, 4, 5] as const;

/** R up the side, (F + M) / 2 along, cell = customers and revenue share; the shade is what was chosen. */
export function Grid({ data, eight }: { data: AllSegments; eight: boolean }) {
  const [shows, setShows] = useState<Shown>("revenue");
  const most = Math.max(...data.rfm_grid.map((cell) => amount(cell, shows)), 1e-9);
  const at = (r: number, fm: number) => data.rfm_grid.find((cell) => cell.r === r && cell.fm === fm);
  return (
    <figure>
      <div className="mb-3 flex items-center justify-between gap-3">
        <Choice
          label="What the shade shows"
          value={shows}
          options={[
            ["revenue", "Revenue"],
            ["customers", "Customers"],
          ]}
          onChange={setShows}
        />
        <CsvButton
          name="rfm-grid"
          table={() => ({
            columns: ["r", "fm", "group", "customers", "revenue", "revenue_share"],
            rows: data.rfm_grid.map((cell) => [
              cell.r,
              cell.fm,
              eight ? cell.group_eight : cell.group,
              cell.customers,
              cell.revenue,
              cell.revenue_share,
            ]),
          })}
        />
      </div>
      <section className="overflow-x-auto quiet-scroll" aria-label="RFM grid" tabIndex={0}>
        <table className="w-full min-w-[640px] table-fixed border-separate border-spacing-1 text-sm">
          <caption className="sr-only">Customers and share of revenue by recency and by frequency and money</caption>
          <tbody>
            {[...SCORES].reverse().map((r) => (
              <tr key={r}>
                <th scope="row" className="w-10 pr-2 md:w-16 text-right font-normal text-soft">
                  R {r}
                </th>
                {SCORES.map((fm) => (
                  <td key={fm} className="p-0">
                    <GridCell cell={at(r, fm)} strength={amount(at(r, fm), shows) / most} eight={eight} />
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <td />
              {SCORES.map((fm) => (
                <th key={fm} scope="col" className="pt-1 text-center font-normal text-soft">
                  FM {fm}
                </th>
              ))}
            </tr>
          </tbody>
        </table>
      </section>
      <details className="mt-2 text-sm">
        <summary className="inline-block text-soft hover:text-ink">Cut-offs of the scores</summary>
        <div className="mt-2">
          <Facts
            items={[
              ["R, days since last order", limits(data.rfm_cutoffs.recency, "at most")],
              ["F, orders", limits(data.rfm_cutoffs.frequency, "from")],
              [`M, net revenue, ${sign(data.currency)}`, limits(data.rfm_cutoffs.monetary, "from")],
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

function amount(cell: Cell | undefined, shows: Shown): number {
  return (shows === "revenue" ? cell?.revenue_share : cell?.customers) ?? 0;
}

function limits(cuts: readonly (number | null)[], word: string): string {
  return cuts
    .map((cut, at) => (cut === null ? "" : `score ${at + 2} ${word} ${decimal(cut, 2)}`))
    .filter(Boolean)
    .join(", ");
}

function GridCell({ cell, strength, eight }: { cell: Cell | undefined; strength: number; eight: boolean }) {
  if (!cell) return null;
  const group = eight ? cell.group_eight : cell.group;
  const where = new URLSearchParams([
    ["where", `r_score=${cell.r}`],
    ["where", `fm_score=${cell.fm}`],
    ["sort", "-net_revenue"],
  ]);
  return (
    <Link
      href={`/customers?${where}`}
      title={`${group}: ${count(cell.customers)} customers, ${cellMoney(cell.revenue)} revenue`}
      className="flex h-[74px] flex-col justify-between rounded-md px-2.5 py-2 hover:outline hover:outline-1 hover:outline-line-strong"
      style={{
        background: `color-mix(in oklch, var(--heat-5) ${Math.round(Math.sqrt(strength) * 62)}%, var(--heat-0))`,
      }}
    >
      <span className="truncate">{group}</span>
      <span className="flex items-baseline justify-between gap-2">
        <span className="font-semibold">{count(cell.customers)}</span>
        <span className="whitespace-nowrap">{briefShare(cell.revenue_share)}</span>
      </span>
    </Link>
  );
}
