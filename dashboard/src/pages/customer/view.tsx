import clsx from "clsx";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { cellMoney, decimal, money, share, sign } from "@/format/amounts";
import { day } from "@/format/times";
import { Risk } from "@/ui/risk";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { NextAction } from "./next-action";
import { Offer } from "./offer";
import { Reasons } from "./reasons";
import { Timeline } from "./timeline";
import { Worth } from "./worth";

export type Customer = components["schemas"]["Customer"];

/** One customer, asked for by id: the drawer beside the list. */
export function CustomerView({ id, small = false }: { id: string; small?: boolean }) {
  const found = $api.useQuery("get", "/api/v1/customers/{customer_id}", { params: { path: { customer_id: id } } });
  return (
    <Loaded query={found} skeleton={<Skeleton className="h-[70vh]" />}>
      {(customer) => <CustomerParts customer={customer} small={small} />}
    </Loaded>
  );
}

/** The parts of a customer: the same in the drawer and on the page, there in two columns. */
export function CustomerParts({ customer, small = false }: { customer: Customer; small?: boolean }) {
  return (
    <div className="flex flex-col gap-9">
      <Standing customer={customer} small={small} />
      <NextAction id={customer.customer_id} small={small} />
      <Part title="Orders over time" note={rhythm(customer)}>
        <Timeline customer={customer} />
      </Part>
      <div className={clsx("grid gap-9", !small && "lg:grid-cols-2 lg:gap-14")}>
        <Part title={customer.forecast ? `Why ${share(customer.forecast.p_buy)}` : "Why"}>
          <Reasons customer={customer} />
        </Part>
        <Part title="Worth">
          <Worth customer={customer} />
        </Part>
      </div>
      <Part title="What to offer">
        <Offer id={customer.customer_id} most={small ? 5 : 10} />
      </Part>
      <div className={clsx("grid gap-9", !small && "lg:grid-cols-2 lg:gap-14")}>
        <Part title="Latest orders">
          <Orders customer={customer} most={small ? 6 : 12} />
        </Part>
        <Part title="Bought most">
          <Products customer={customer} most={small ? 6 : 12} />
        </Part>
      </div>
    </div>
  );
}

function Part({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="font-semibold">{title}</h2>
      {note && <p className="text-sm text-soft">{note}</p>}
      <div className="mt-2.5">{children}</div>
    </section>
  );
}

function rhythm({ facts, next_order, as_of }: Customer): string {
  const gap = facts.median_gap_days;
  const usual = typeof gap === "number" ? `Usually every ${decimal(gap)} days. ` : "";
  const since = `Last order ${decimal(Number(facts.days_since_last_order), 0)} days before ${day(as_of)}.`;
  const next = next_order
    ? ` The next one is expected from ${day(next_order.earliest)} to ${day(next_order.latest)}, if there is one within a year.`
    : "";
  return usual + since + next;
}

/** Where the customer stands, in four figures and three groups. */
function Standing({ customer, small }: { customer: Customer; small: boolean }) {
  const { facts, groups, forecast, currency } = customer;
  const band = String(groups.risk_band);
  const figures: [string, ReactNode, string][] = [
    [
      "Risk",
      <Risk key="risk" band={band} />,
      typeof facts.churn_ratio === "number" ? `${decimal(facts.churn_ratio)} × the usual gap` : "no rhythm yet",
    ],
    [
      "Revenue at risk",
      money(groups.revenue_at_risk as string | null, currency),
      groups.is_gone === true ? "left long ago: not counted" : "of the next 90 days",
    ],
    [
      "Expected spend",
      money(forecast?.e_spend, currency),
      forecast
        ? `${money(forecast.spend_p10, currency)} to ${money(forecast.spend_p90, currency)} in 8 of 10 cases`
        : (customer.no_forecast ?? ""),
    ],
    ["Spent so far", money(facts.net_revenue as string, currency), `${decimal(Number(facts.order_count), 0)} orders`],
  ];
  return (
    <section aria-label="Standing">
      <dl className={clsx("grid grid-cols-2 gap-x-8 gap-y-5", !small && "lg:grid-cols-4")}>
        {figures.map(([name, value, note]) => (
          <div key={name}>
            <dt className="text-sm text-soft">{name}</dt>
            <dd className="mt-0.5 text-xl font-semibold tracking-[-0.01em]">{value}</dd>
            <dd className="text-sm text-soft">{note}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {(["rfm_group", "archetype"] as const).map((grouping) => (
          <Link
            key={grouping}
            href={`/customers?where=${encodeURIComponent(`${grouping}=${groups[grouping]}`)}`}
            className="link"
          >
            {String(groups[grouping])}
          </Link>
        ))}
        <span className="text-soft">
          R {String(groups.r_score)}, F {String(groups.f_score)}, M {String(groups.m_score)} of 5
        </span>
      </p>
    </section>
  );
}

function Orders({ customer, most }: { customer: Customer; most: number }) {
  return (
    <Table
      caption="Latest orders"
      rows={customer.orders.items.slice(0, most)}
      rowKey={(row, at) => row.order_id ?? at}
      columns={[
        { heading: "Day", cell: (row) => day(row.ordered_at) },
        {
          heading: "Order",
          cell: (row) => <span className={clsx(row.undone_at && "line-through")}>{row.order_id ?? "–"}</span>,
        },
        { heading: "Gap, days", numeric: true, cell: (row) => decimal(row.days_since_previous, 0) },
        { heading: `Amount, ${sign(customer.currency)}`, numeric: true, cell: (row) => cellMoney(row.amount) },
      ]}
    />
  );
}

function Products({ customer, most }: { customer: Customer; most: number }) {
  if (!customer.products.length) return <p className="text-soft">The files name no products.</p>;
  return (
    <Table
      caption="Products bought most"
      rows={customer.products.slice(0, most)}
      rowKey={(row, at) => row.product_id ?? at}
      columns={[
        { heading: "Product", cell: (row) => row.product_name ?? row.product_id ?? "–" },
        { heading: "Orders", numeric: true, cell: (row) => decimal(row.orders, 0) },
        { heading: `Amount, ${sign(customer.currency)}`, numeric: true, cell: (row) => cellMoney(row.amount) },
      ]}
    />
  );
}
