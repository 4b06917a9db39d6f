import { decimal, money, share } from "@/format/amounts";
import { listed } from "@/format/words";
import { Section } from "@/ui/page";
import { Term } from "@/ui/term";
import { Groups } from "./groups";
import type { AllSegments } from "./segments";

/** Archetypes with the customer in their middle; or why there are none. */
export function Archetypes({ data }: { data: AllSegments }) {
  const fitted = data.fitted_archetypes;
  return (
    <Section
      title="Archetypes"
      note={
        fitted.clear ? (
          <>
            Found by K-Means on {listed(fitted.features)}.{" "}
            <Term means="How often two clusterings of random halves put the same customers together; 1 is always.">
              Stability
            </Term>{" "}
            {decimal(fitted.stability, 2)},{" "}
            <Term means="How much nearer customers are to their own archetype than to the next one; 1 is best, 0 none.">
              silhouette
            </Term>{" "}
            {decimal(fitted.silhouette, 2)}.
          </>
        ) : (
          fitted.reason
        )
      }
    >
      {fitted.clear && (
        <dl className="grid gap-x-10 gap-y-5 md:grid-cols-3">
          {fitted.profiles.map((profile, at) => (
            <div key={fitted.names[at]} className="border-t-2 border-accent pt-3">
              <dt className="font-medium">{fitted.names[at]}</dt>
              <dd className="mt-1 text-soft">
                {decimal(profile.order_days, 0)} order days,{" "}
                {profile.median_gap_days === null ? "no rhythm" : `every ${decimal(profile.median_gap_days, 0)} days`},
                the last {decimal(profile.days_since_last_order, 0)} days ago;{" "}
                {money(profile.net_revenue, data.currency)} so far.{" "}
                {share(profile.customers / Math.max(1, data.customers))} of customers.
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Groups segments={data.archetypes} grouping="archetype" currency={data.currency} />
    </Section>
  );
}
