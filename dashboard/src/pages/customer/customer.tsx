import { useParams } from "wouter";
import { $api } from "@/api/client";
import { decimal, money, share } from "@/format/amounts";
import { lastKnownDay } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { LoadedPage } from "@/ui/loaded-page";
import { Page } from "@/ui/page";
import { Analyst } from "./analyst";
import { CustomerParts, type Customer as One } from "./view";

/** Worth, risk, why, and what now: one customer. */
export default function Customer() {
  const { "*": path } = useParams<{ "*": string }>();
  const id = decodeURIComponent(path ?? "");
  const found = $api.useQuery("get", "/api/v1/customers/{customer_id}", { params: { path: { customer_id: id } } });
  return (
    <LoadedPage
      query={found}
      name={`Customer ${id}`}
      waiting="Looking them up ..."
      failed="This customer cannot be shown."
    >
      {(customer) => (
        <Page
          name={`Customer ${id}`}
          answer={inOneSentence(customer)}
          below={`As known on ${lastKnownDay(customer.as_of)}.`}
          actions={<ButtonLink href="/customers">All customers</ButtonLink>}
        >
          <CustomerParts customer={customer} />
          <Analyst customer={customer} />
        </Page>
      )}
    </LoadedPage>
  );
}

/** The customer's worth and outlook with the numbers in it. */
export function inOneSentence({ customer_id, facts, forecast, worth, currency }: One): string {
  const spent = `${customer_id} has spent ${money(worth.historic, currency)} in ${decimal(Number(facts.order_count), 0)} orders`;
  if (!forecast) return `${spent}.`;
  return `${spent}; an order within ${forecast.horizon_days} days has a chance of ${share(forecast.p_buy)}.`;
}
