import { $api } from "@/api/client";
import { Refusal } from "@/api/problem";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import { count, share } from "@/format/amounts";
import { day, lastKnownDay, moment } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Facts, Page, Section } from "@/ui/page";
import { Empty, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { Catalogue } from "./catalogue";
import { Imports } from "./imports";
import { Ledger } from "./ledger";
import { Policy } from "./policy";

type Dataset = components["schemas"]["DatasetDetails"];

/** Is it right and fresh? What came in, what became of every line, and by which rules. */
export default function Data() {
  const dataset = $api.useQuery("get", "/api/v1/datasets/current", {});
  if (dataset.data) return <Filled dataset={dataset.data} />;
  if (dataset.error instanceof Refusal && dataset.error.problem.status === 404) return <None />;
  return (
    <Page name="Data" answer={dataset.error ? "The data set cannot be read." : "Reading the ledger ..."}>
      {dataset.error ? (
        <ErrorNotice error={dataset.error} onRetry={() => void dataset.refetch()} />
      ) : (
        <Skeleton className="h-96" />
      )}
    </Page>
  );
}

function None() {
  const may = useMay("analyst");
  return (
    <Page name="Data" answer="There are no orders yet.">
      <Empty
        title="What became of every line of your files"
        action={
          may && (
            <ButtonLink look="primary" href="/start">
              Add orders
            </ButtonLink>
          )
        }
      >
        Lines in = kept + rejected, each with its reason and its revenue to the cent: for instance 219 lines whose
        quantity or price is zero or below.
      </Empty>
      <Imports />
    </Page>
  );
}

function Filled({ dataset }: { dataset: Dataset }) {
  const may = useMay("analyst");
  const { ledger } = dataset;
  const kept = ledger.lines_in ? ledger.lines_kept / ledger.lines_in : null;
  return (
    <Page
      name="Data"
      answer={`${count(ledger.lines_kept)} of ${count(ledger.lines_in)} lines count, ${share(kept, 1)}; ${count(ledger.lines_rejected)} do not, each with its reason.`}
      below={`${count(dataset.orders)} orders of ${count(dataset.customers)} customers, ${day(dataset.first_order)} to ${day(dataset.last_order)}.`}
      actions={
        may && (
          <ButtonLink look="primary" href="/start">
            Add orders
          </ButtonLink>
        )
      }
    >
      <Section title="Ledger" note="Lines in the files = kept + rejected, to the cent.">
        <Ledger facts={{ ...ledger, reasons: ledger.rejected, currency: dataset.currency }} />
      </Section>
      <Imports />
      <Section title="Freshness">
        <Facts
          items={[
            [
              "Known to",
              dataset.as_of
                ? `${lastKnownDay(dataset.as_of)}; answers look from ${day(dataset.as_of)}, the day after the last complete one`
                : "–",
            ],
            ["Data set", `${dataset.version}, made ${moment(dataset.created_at)}`],
            ["Time zone", dataset.time_zone],
            ["Currency", dataset.currency ?? "the files name none"],
            ["Repeated lines", `${count(dataset.duplicates)} lines repeat an earlier line of their file cell by cell`],
            ["Fields filled", dataset.fields.join(", ")],
          ]}
        />
        {dataset.notes.length > 0 && (
          <ul className="mt-5 flex max-w-[80ch] flex-col gap-1 text-sm text-soft">
            {dataset.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </Section>
      <Policy policy={dataset.policy} />
      <Versions />
      <Catalogue />
    </Page>
  );
}

/** The versions that are kept: readers of an older one are not disturbed by a newer one. */
function Versions() {
  const versions = $api.useQuery("get", "/api/v1/datasets", {});
  if (!versions.data || versions.data.items.length < 2) return null;
  return (
    <Section title="Versions of the data set">
      <Table
        caption="Versions of the data set"
        rows={versions.data.items}
        rowKey={(row) => row.version}
        columns={[
          { heading: "Version", cell: (row) => `${row.version}${row.is_current ? " (in force)" : ""}` },
          { heading: "Made", cell: (row) => moment(row.created_at) },
          { heading: "Imports", numeric: true, cell: (row) => count(row.imports.length) },
          { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
          { heading: "Lines kept", numeric: true, cell: (row) => count(row.lines_kept) },
        ]}
      />
    </Section>
  );
}
