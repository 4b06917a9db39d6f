import { Link } from "wouter";
import { type CustomerRow, useFirstCustomers } from "@/api/customers";
import type { components } from "@/api/schema";
import { cellMoney, count, decimal, sign } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { lastKnownDay } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { Details, Page } from "@/ui/page";
import { Risk } from "@/ui/risk";
import { Loaded, Skeleton } from "@/ui/states";
import { CsvButton, Table } from "@/ui/table";
import { Term } from "@/ui/term";
import { GroupsToday } from "./groups-today";
import { RiskBands } from "./risk-bands";
import { Today } from "./today";
import { Trust } from "./trust";

type Answer = components["schemas"]["Answer"];

const AT_RISK = "/customers?where=revenue_at_risk>0&sort=-revenue_at_risk";

export function Filled({ answer }: { answer: Answer }) {
  const missing = answer.readiness.missing;
  return (
    <Page
      name="Home"
      answer={answer.headline}
      below={
        <>
          As known on {lastKnownDay(answer.as_of)}. {missing.join(" ")}
        </>
      }
      actions={
        <ButtonLink look="primary" href={AT_RISK}>
          See who they are
        </ButtonLink>
      }
    >
      <div className="grid gap-x-14 gap-y-11 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Holders answer={answer} />
        <RiskBands />
      </div>
      <Today />
      <GroupsToday />
      <Trust />
      <Details label="How this was counted">
        <p className="max-w-[80ch] text-soft">{inReadersFigures(answer.method)}</p>
        <ul className="mt-3 flex max-w-[80ch] list-disc flex-col gap-1 pl-5 text-soft">
          {answer.sentences.map((sentence) => (
            <li key={sentence}>{inReadersFigures(sentence)}</li>
          ))}
        </ul>
      </Details>
    </Page>
  );
}

/** The customers who hold most of what is at risk. */
function Holders({ answer }: { answer: Answer }) {
  const found = useFirstCustomers({ where: ["revenue_at_risk>0"], sort: "-revenue_at_risk", limit: 8 });
  return (
    <section>
      <div className="flex items-end justify-between">
        <h2 className="text-lg font-semibold">Who holds it</h2>
        <Link href={AT_RISK} className="link text-sm">
          All {count(answer.customers_at_risk)}
        </Link>
      </div>
      <div className="mt-3">
        <Loaded query={found} skeleton={<Skeleton className="h-[330px]" />}>
          {(data) => (
            <Table
              caption="Customers with most revenue at risk"
              rows={data.items}
              rowKey={(row) => String(row.customer_id)}
              columns={[
                { heading: "Customer", cell: (row) => <CustomerLink row={row} /> },
                { heading: "Risk", cell: (row) => <Risk band={String(row.risk_band)} /> },
                {
                  heading: "Last order, days ago",
                  numeric: true,
                  cell: (row) => decimal(row.days_since_last_order as number, 0),
                },
                {
                  heading: <Term means="Median of the days between two orders of this customer.">Usual gap</Term>,
                  numeric: true,
                  wideOnly: true,
                  cell: (row) => decimal(row.median_gap_days as number),
                },
                {
                  heading: `At risk, ${sign(data.currency)}`,
                  numeric: true,
                  cell: (row) => <strong className="font-semibold">{cellMoney(row.revenue_at_risk as string)}</strong>,
                },
              ]}
            />
          )}
        </Loaded>
        <HoldersCsv answer={answer} />
      </div>
    </section>
  );
}

function CustomerLink({ row }: { row: CustomerRow }) {
  const id = String(row.customer_id);
  return (
    <Link href={`/customers/${encodeURIComponent(id)}`} className="link">
      {id}
    </Link>
  );
}

function HoldersCsv({ answer }: { answer: Answer }) {
  const table = answer.tables.holders;
  if (!table) return null;
  return (
    <div className="mt-1">
      <CsvButton
        name="who-holds-it"
        table={() => ({ columns: table.columns.map((column) => column.heading), rows: table.rows })}
      />
    </div>
  );
}
