import { useMemo, useState } from "react";
import { $api } from "@/api/client";
import { decimal, signed } from "@/format/amounts";
import { capital, columnName } from "@/format/words";
import { Input } from "@/ui/field";
import { Details, Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { CsvButton, Table } from "@/ui/table";
import { kindOf, shown } from "../customers/kinds";
import type { Customer } from "./view";

/** The same customer for an analyst: contributions to the log-odds, and every fact with its definition. */
export function Analyst({ customer }: { customer: Customer }) {
  return (
    <Details label="Details: contributions and every fact">
      {customer.model && <Waterfall model={customer.model} id={customer.customer_id} />}
      <AllFacts customer={customer} />
    </Details>
  );
}

function Waterfall({ model, id }: { model: string; id: string }) {
  const found = $api.useQuery("get", "/api/v1/models/{model_id}/shapley", {
    params: { path: { model_id: model }, query: { customer: [id] } },
  });
  return (
    <Section
      title="From the typical customer to this one"
      note="Shapley contributions to the log-odds of an order, as of the day of the model; the largest first."
    >
      <Loaded query={found} skeleton={<Skeleton className="h-72" />}>
        {({ items }) => {
          const one = items[0];
          if (!one) return null;
          const ends = one.steps.flatMap((step) => [step.start, step.end]);
          const low = Math.min(...ends);
          const width = Math.max(...ends) - low || 1;
          const x = (value: number) => ((value - low) / width) * 100;
          return (
            <Table
              caption="Contributions to the log-odds"
              rows={one.steps}
              rowKey={(step) => step.name}
              columns={[
                { heading: "Column", cell: (step) => step.name.replace("history.", "") },
                { heading: "Value", numeric: true, wideOnly: true, cell: (step) => decimal(step.number, 2) },
                {
                  heading: `Log-odds from ${decimal(one.baseline, 2)} to ${decimal(one.log_odds, 2)}`,
                  cell: (step) => (
                    <svg
                      aria-hidden="true"
                      className="block h-3 w-full min-w-40"
                      viewBox="0 0 100 12"
                      preserveAspectRatio="none"
                    >
                      <rect
                        x={x(Math.min(step.start, step.end))}
                        width={Math.max(0.4, Math.abs(x(step.end) - x(step.start)))}
                        y="1"
                        height="10"
                        fill={step.contribution >= 0 ? "var(--accent)" : "var(--risk-high)"}
                      />
                    </svg>
                  ),
                },
                { heading: "Adds", numeric: true, cell: (step) => signed(step.contribution, 2) },
              ]}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

function AllFacts({ customer }: { customer: Customer }) {
  const features = $api.useQuery("get", "/api/v1/features", {}, { staleTime: 600_000 });
  const [text, setText] = useState("");
  const facts = useMemo(() => ({ ...customer.facts, ...customer.groups }), [customer]);
  const rows = (features.data?.items ?? []).filter(
    (feature) =>
      feature.name in facts &&
      `${feature.name} ${columnName(feature.name)} ${feature.definition}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Section
      title="Every fact"
      actions={
        <>
          <Input
            type="search"
            aria-label="Find a fact"
            placeholder="Find"
            className="h-8 w-40"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <CsvButton
            name={`customer-${customer.customer_id}`}
            table={() => ({
              columns: ["name", "value", "unit", "definition"],
              rows: rows.map((row) => [row.name, String(facts[row.name] ?? ""), row.unit, row.definition]),
            })}
          />
        </>
      }
    >
      <Table
        caption="Every fact of the customer"
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { heading: "Name", cell: (row) => capital(columnName(row.name)) },
          { heading: "Value", numeric: true, cell: (row) => shown(facts[row.name], kindOf(row)) },
          { heading: "Unit", wideOnly: true, cell: (row) => <span className="text-soft">{row.unit}</span> },
          { heading: "Definition", wideOnly: true, cell: (row) => <span className="text-soft">{row.definition}</span> },
        ]}
      />
    </Section>
  );
}
