import { Link } from "wouter";
import { $api } from "@/api/client";
import { count, money, share } from "@/format/amounts";
import { capital, label } from "@/format/words";
import { BAND_COLOUR, isBand, RiskShape } from "@/ui/risk";
import { Loaded, Skeleton } from "@/ui/states";

const ORDER = ["high", "medium", "low", "one_time", "unknown"];

/** Revenue by risk band, with the cut-offs printed; each band leads to its customers. */
export function RiskBands() {
  const segments = $api.useQuery("get", "/api/v1/segments", {});
  return (
    <section>
      <h2 className="text-lg font-semibold">Revenue so far, by risk</h2>
      <div className="mt-3">
        <Loaded query={segments} skeleton={<Skeleton className="h-64" />}>
          {(data) => (
            <ul className="flex flex-col">
              {ORDER.flatMap((name) =>
                data.risk_bands.filter((band) => band.segment === name && band.customers > 0),
              ).map((band) => (
                <li key={band.segment} className="border-b border-line last:border-0">
                  <Link
                    href={`/customers?where=risk_band=${band.segment}&sort=-net_revenue`}
                    className="group block rounded py-2.5"
                  >
                    <span className="flex items-baseline justify-between gap-3">
                      <span className="flex items-center gap-2">
                        {isBand(band.segment) && <RiskShape band={band.segment} />}
                        <span className="group-hover:underline">{capital(label(band.segment))}</span>
                        <span className="text-sm text-soft">{data.risk_cutoffs[band.segment]}</span>
                      </span>
                      <span className="tabular-nums">{share(band.revenue_share)}</span>
                    </span>
                    <Bar
                      value={band.revenue_share ?? 0}
                      colour={isBand(band.segment) ? BAND_COLOUR[band.segment] : "var(--mark-2)"}
                    />
                    <span className="block text-sm text-soft">
                      {count(band.customers)} customers, {money(band.revenue, data.currency)}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </div>
    </section>
  );
}

function Bar({ value, colour }: { value: number; colour: string }) {
  return (
    <svg aria-hidden="true" className="my-1 block h-2 w-full" viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect width="100" height="8" rx="1" fill="var(--sunken)" />
      <rect width={Math.max(0.5, value * 100)} height="8" rx="1" fill={colour} />
    </svg>
  );
}
