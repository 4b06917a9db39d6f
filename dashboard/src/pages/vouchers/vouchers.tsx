import { useSearchParams } from "wouter";
import { $api } from "@/api/client";
import { Refusal } from "@/api/problem";
import { useMay } from "@/api/session";
import type { History } from "@/api/vouchers";
import { ago } from "@/format/times";
import { Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Empty, Skeleton } from "@/ui/states";
import { Bring } from "./bring";
import { Decide } from "./decide";
import { Ledger } from "./ledger";
import { Offers } from "./offers";
import { RulesEditor } from "./rules-editor";
import { Segments } from "./segments";
import { headline } from "./words";

/** Which voucher does whom get, by which rules, and does it pay? */
export default function Vouchers() {
  const history = $api.useQuery("get", "/api/v1/vouchers/segments", {});
  if (history.data) return <Filled history={history.data} />;
  if (history.error instanceof Refusal && history.error.problem.status === 404) return <None />;
  return (
    <Page
      name="Vouchers"
      answer={history.error ? "The voucher history cannot be read." : "Reading the voucher history ..."}
    >
      {history.error ? (
        <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />
      ) : (
        <div role="status" aria-label="Loading">
          <Skeleton className="h-72" />
          <Skeleton className="mt-11 h-64" />
        </div>
      )}
    </Page>
  );
}

function None() {
  const may = useMay("analyst");
  return (
    <Page name="Vouchers" answer="There is no history of vouchers to learn from yet.">
      <Empty title="Which amount each segment of customers gets" action={may && <Bring countries={[]} first />}>
        A file with a row for each voucher that was given shows which amount was used most among customers with, for
        instance, 5 to 13 orders. From then on offers are measured against nothing, so that the amount that pays takes
        its place.
      </Empty>
    </Page>
  );
}

function Filled({ history }: { history: History }) {
  const may = useMay("analyst");
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("country");
  const country = history.countries.find((each) => each.country === wanted) ?? history.countries[0];
  const names = history.countries.map((each) => each.country);
  const asked = history.rules.filter(({ kind }) => kind === "country").map(({ segment }) => segment);
  return (
    <Page
      name="Vouchers"
      answer={headline(history)}
      below={`Learned ${ago(history.created_at)} from ${history.file}${history.place === "here" ? "" : `, in ${history.place}`}.`}
      actions={may && <Bring countries={asked} first={false} />}
    >
      {names.length > 1 && (
        <Select
          aria-label="Country"
          className="mb-6"
          value={country?.country}
          onChange={(event) => setSearch({ country: event.target.value }, { replace: true })}
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      {country && <Segments history={history} country={country} />}
      <Decide history={history} />
      <Offers />
      <RulesEditor key={JSON.stringify(history.rules)} history={history} />
      <Ledger history={history} />
    </Page>
  );
}
