import { $api } from "@/api/client";
import { count, decimal, money, share } from "@/format/amounts";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { ShareBar, Table } from "@/ui/table";

/** One product: who buys it, how often again, and what goes with it. */
export function Product({ id, onOpen }: { id: string; onOpen: (id: string | null) => void }) {
  const found = $api.useQuery("get", "/api/v1/products/{product_id}", { params: { path: { product_id: id } } });
  return (
    <div className="mb-11 rounded-lg border border-line px-5 py-4">
      <Loaded query={found} skeleton={<Skeleton className="h-64" />}>
        {(product) => (
          <Section
            title={product.product_name ?? product.product_id}
            note={
              <>
                {count(product.customers)} customers bought it in {count(product.orders)} orders, for{" "}
                {money(product.revenue, product.currency)}; last on {day(product.last_sold_at)}.{" "}
                {share(product.bought_again)} buy it again
                {product.gap_days === null ? "." : `, ${decimal(product.gap_days)} days later on average.`}
                {!product.in_range && " It was not sold lately, and is not offered."}
              </>
            }
            actions={
              <Button small onClick={() => onOpen(null)}>
                Close
              </Button>
            }
          >
            <p className="mb-2 text-sm text-soft">The closest first: what its customers buy more than others do.</p>
            {product.bought_with.length === 0 ? (
              <p className="text-soft">Nothing was bought with it by three customers or more.</p>
            ) : (
              <Table
                caption="Bought with it"
                rows={product.bought_with.slice(0, 10)}
                rowKey={(row) => row.product_id}
                columns={[
                  {
                    heading: "Bought with it",
                    cell: (row) => (
                      <button type="button" className="link text-left" onClick={() => onOpen(row.product_id)}>
                        {row.product_name}
                      </button>
                    ),
                  },
                  { heading: "Customers with both", numeric: true, cell: (row) => count(row.both) },
                  {
                    heading: "Of its customers",
                    numeric: true,
                    wideOnly: true,
                    cell: (row) => <ShareBar value={row.share}>{share(row.share)}</ShareBar>,
                  },
                ]}
              />
            )}
          </Section>
        )}
      </Loaded>
    </div>
  );
}
