import { Link } from "wouter";
import { $api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { share } from "@/format/amounts";
import { Loaded, Skeleton } from "@/ui/states";

const LABELS: Record<string, string> = {
  bought_with: "Goes with what was bought",
  similar_customers: "Customers like this one",
  due_again: "Due again",
  popular_in_category: "Popular in a category bought from",
  popular_in_segment: "Popular in the group",
  popular: "Popular",
};

/** What to offer one customer: ranked products, each with the numbers it rests on. */
export function Offer({ id, most }: { id: string; most: number }) {
  const found = $api.useQuery("get", "/api/v1/customers/{customer_id}/recommendations", {
    params: { path: { customer_id: id }, query: { n_recommendations: most } },
  });
  if (found.error && asProblem(found.error).status === 404) {
    const { title, detail } = asProblem(found.error);
    return (
      <p className="text-soft">
        {title} {detail}
      </p>
    );
  }
  return (
    <Loaded query={found} skeleton={<Skeleton className="h-64" />}>
      {(offer) => (
        <>
          {offer.items.length > 0 && (
            <ol className="border-t border-line">
              {offer.items.map((item) => (
                <li key={item.product_id} className="flex items-start justify-between gap-4 border-b border-line py-2">
                  <div className="min-w-0">
                    <Link href={`/products?product=${encodeURIComponent(item.product_id)}`} className="link">
                      {item.product_name}
                    </Link>
                    <p className="text-sm text-soft">
                      <span className="text-ink">{LABELS[item.label] ?? item.label}.</span> {item.explanation}
                    </p>
                  </div>
                  {offer.score_is_chance && (
                    <span className="shrink-0 text-sm" title={`Chance to be bought within ${offer.horizon_days} days`}>
                      {share(item.score)}
                    </span>
                  )}
                </li>
              ))}
            </ol>
          )}
          {offer.note && <p className="mt-2 text-sm">{offer.note}</p>}
          <p className="mt-2 text-sm text-soft">
            {offer.score_is_chance && `Percent: chance to be bought within ${offer.horizon_days} days. `}
            {offer.why}
          </p>
        </>
      )}
    </Loaded>
  );
}
