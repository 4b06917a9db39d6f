import { useMemo, useState } from "react";
import { $api, download } from "@/api/client";
import { useMay } from "@/api/session";
import { Button } from "@/ui/button";
import { Choice, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/states";
import { type Asked, useAsked } from "./asked";
import { ColumnChooser } from "./column-chooser";
import { listInWords } from "./conditions";
import { Drawer } from "./drawer";
import { Filters } from "./filters";
import type { Feature } from "./kinds";
import { List } from "./list";
import { Plot } from "./plot";
import { SavedViews } from "./saved-views";
import { useCustomers } from "./use-customers";

/** Who they are: a list of any length, filtered, sorted, searched; or two figures against each other. */
export default function Customers() {
  const [asked, change] = useAsked();
  const features = $api.useQuery("get", "/api/v1/features", {}, { staleTime: 600_000 });
  const known = useMemo(() => {
    const there = features.data?.items.filter((feature) => feature.in_this_shop !== false) ?? [];
    return new Map(there.map((feature) => [feature.name, feature]));
  }, [features.data]);
  const columns = useMemo(() => asked.columns.flatMap((name) => known.get(name) ?? []), [asked.columns, known]);
  const customers = useCustomers(asked, columns, known.size > 0);
  const problem = features.error ?? customers.error;
  const answer = problem
    ? "The customers cannot be listed."
    : customers.first
      ? listInWords(customers.first.total, asked.where, asked.search)
      : "Looking for customers ...";
  return (
    <Page
      wide
      name="Customers"
      answer={answer}
      actions={<Export asked={asked} columns={columns} there={customers.first !== undefined} />}
    >
      <Toolbar asked={asked} change={change} known={known} />
      {problem ? (
        <ErrorNotice error={problem} onRetry={() => void features.refetch().then(() => customers.refetch())} />
      ) : asked.view === "plot" ? (
        <Plot asked={asked} change={change} known={known} />
      ) : customers.first ? (
        <List asked={asked} change={change} columns={columns} customers={customers} />
      ) : (
        <Skeleton className="h-[60vh]" />
      )}
      {asked.customer && <Drawer id={asked.customer} onClose={() => change({ customer: null })} />}
    </Page>
  );
}

function Toolbar({
  asked,
  change,
  known,
}: {
  asked: Asked;
  change: (part: Partial<Asked>) => void;
  known: ReadonlyMap<string, Feature>;
}) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Input
        type="search"
        aria-label="Search by a part of the id"
        placeholder="Part of an id"
        className="h-8 w-40"
        value={asked.search}
        onChange={(event) => change({ search: event.target.value })}
      />
      <Filters where={asked.where} known={known} onChange={(where) => change({ where })} />
      <div className="ml-auto flex flex-wrap items-center gap-2 max-md:hidden">
        <SavedViews />
        {asked.view === "table" && (
          <ColumnChooser known={known} chosen={asked.columns} onChange={(columns) => change({ columns })} />
        )}
        <Choice
          label="View"
          value={asked.view}
          options={[
            ["table", "Table"],
            ["plot", "Plot"],
          ]}
          onChange={(view) => change({ view })}
        />
      </div>
    </div>
  );
}

/** The whole list as a file, with the columns that are shown; nothing to write before the list is there. */
function Export({ asked, columns, there }: { asked: Asked; columns: readonly Feature[]; there: boolean }) {
  const may = useMay("viewer");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const get = async () => {
    const query = new URLSearchParams({
      format: "csv",
      sort: asked.sort,
      columns: columns.map((column) => column.name).join(),
    });
    for (const condition of asked.where) query.append("where", condition);
    if (asked.search) query.set("search", asked.search);
    setBusy(true);
    setError(null);
    await download(`/api/v1/customers?${query}`, "customers.csv").catch(setError);
    setBusy(false);
  };
  return (
    <div className="flex flex-col items-end gap-2">
      <Button look="primary" disabled={!may || busy || !there} onClick={() => void get()}>
        {busy ? "Writing the file ..." : "Export this list"}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}
