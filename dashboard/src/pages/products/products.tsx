import { useState } from "react";
import { useSearchParams } from "wouter";
import { $api } from "@/api/client";
import { count } from "@/format/amounts";
import { lastKnownDay } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { LoadedPage } from "@/ui/loaded-page";
import { Details, Page, Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { Evaluation } from "./evaluation";
import { List } from "./list";
import { Product } from "./product";

const ORDERS = [
  ["-customers", "Most customers"],
  ["-revenue", "Most revenue"],
  ["-orders", "Most orders"],
  ["-last_sold_at", "Sold last"],
  ["product_name", "Name"],
] as const;

/** What customers buy, and what goes with it. */
export default function Products() {
  const evaluation = $api.useQuery("get", "/api/v1/recommendations/evaluation", {});
  return (
    <LoadedPage
      query={evaluation}
      name="Products"
      waiting="Learning what goes with what ..."
      failed="The products cannot be shown."
      empty={({ detail, todo }) => (
        <Empty title={detail} action={<ButtonLink href="/start">Import a file</ButtonLink>}>
          {todo}
        </Empty>
      )}
    >
      {(learned) => (
        <Page
          name="Products"
          answer={`${count(learned.products_in_range)} products sold in the last ${learned.horizon_days} days can be offered to ${count(learned.customers)} customers.`}
          below={`${learned.why} As known on ${lastKnownDay(learned.as_of)}.`}
        >
          <Listed />
          <Details label="Would it have been worth it?">
            <Evaluation learned={learned} />
          </Details>
        </Page>
      )}
    </LoadedPage>
  );
}

function Listed() {
  const [asked, setAsked] = useSearchParams();
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<string>(ORDERS[0][0]);
  const product = asked.get("product");
  const open = (id: string | null) => setAsked(id === null ? {} : { product: id });
  return (
    <>
      {product !== null && <Product id={product} onOpen={open} />}
      <Section title="All products">
        <div className="flex flex-wrap gap-4">
          <Field name="Search">
            {(id) => (
              <Input
                id={id}
                type="search"
                value={search}
                maxLength={200}
                placeholder="A part of the name or id"
                onChange={(event) => setSearch(event.target.value)}
              />
            )}
          </Field>
          <Field name="Order">
            {(id) => (
              <Select id={id} value={sort} onChange={(event) => setSort(event.target.value)}>
                {ORDERS.map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <List search={search} sort={sort} onOpen={open} />
      </Section>
    </>
  );
}
