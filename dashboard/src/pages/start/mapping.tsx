import clsx from "clsx";
import { useState } from "react";
import { useLocation } from "wouter";
import { $api } from "@/api/client";
import { keptProblem } from "@/api/problem";
import type { components } from "@/api/schema";
import { count, many } from "@/format/amounts";
import { listed } from "@/format/words";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Details, Page, Section } from "@/ui/page";
import {
  FIELDS,
  type FieldWords,
  isAskedInItsRow,
  isDoubtful,
  orderTables,
  proposalOf,
  samplesOf,
  settingFor,
} from "./fields";
import { namesOf } from "./files";

type Doubt = components["schemas"]["Doubt"];
type InspectedTable = components["schemas"]["InspectedTable"];
type Inspection = components["schemas"]["Inspection"];

type Import = components["schemas"]["ImportInDetail"];
type Correction = components["schemas"]["Correction"];

/** How the file would be read: columns beside samples, doubts in front; every correction is tried at once. */
export function Mapping({
  one,
  inspection,
  busy,
  onJob,
}: {
  one: Import;
  inspection: Inspection;
  busy: boolean;
  onJob: (id: string) => void;
}) {
  const [, go] = useLocation();
  const path = { params: { path: { import_id: one.id } } };
  const follow = { onSuccess: (accepted: { job_id: string }) => onJob(accepted.job_id) };
  const correct = $api.useMutation("patch", "/api/v1/imports/{import_id}", follow);
  const confirm = $api.useMutation("post", "/api/v1/imports/{import_id}/confirm", follow);
  const discard = $api.useMutation("delete", "/api/v1/imports/{import_id}", { onSuccess: () => go("/start") });
  const tables = orderTables(inspection);
  const [said, setSaid] = useState((one.how.mapping as Record<string, string> | undefined) ?? {});
  const change = (body: Correction) => correct.mutate({ ...path, body });
  const choose = (field: string, column: string) => {
    const mapping = { ...said, [field]: column };
    setSaid(mapping);
    change({ mapping });
  };
  const looking = busy || correct.isPending;
  const open = inspection.doubts.length;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const names = `${namesOf(one.files)} ${one.files.length > 1 ? "have" : "has"}`;
  return (
    <Page
      name="Add orders"
      answer={
        open
          ? `${names} ${many(rows, "row")}; ${many(open, "thing")} to decide before they can be read.`
          : `${names} ${many(rows, "row")}, and every column that matters was found.`
      }
      below={<Format tables={tables} inspection={inspection} />}
      actions={
        <>
          <Button look="quiet" onClick={() => discard.mutate(path)} disabled={looking}>
            Discard
          </Button>
          <Button
            look="primary"
            disabled={looking || open > 0 || confirm.isPending}
            onClick={() => confirm.mutate(path)}
          >
            {looking ? "Looking again ..." : "Import these orders"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 [&:not(:empty)]:mb-8">
        {one.state === "failed" && one.problem && <Notice problem={keptProblem(one.problem)} />}
        {(correct.error ?? confirm.error) != null && <ErrorNotice error={correct.error ?? confirm.error} />}
        {inspection.doubts
          .filter((doubt) => !isAskedInItsRow(doubt, tables))
          .map((doubt) => (
            <Question key={doubt.field + doubt.question} doubt={doubt} onDecide={change} />
          ))}
      </div>
      <Section title="Which column is what" note="Change what is wrong; the file is looked at again at once.">
        <div className="flex flex-col">
          {FIELDS.map((words) => (
            <Row
              key={words.field}
              words={words}
              tables={tables}
              inspection={inspection}
              busy={looking}
              onChange={(column) => choose(words.field, column)}
            />
          ))}
        </div>
        <Currency inspection={inspection} onChange={(currency) => change({ currency })} />
      </Section>
      <Others inspection={inspection} />
    </Page>
  );
}

const ORDERS: Record<string, string> = { dmy: "day", mdy: "month", ymd: "year" };

function Format({ tables, inspection }: { tables: readonly InspectedTable[]; inspection: Inspection }) {
  const first = tables[0];
  if (!first) return null;
  const { format, encoding, separator, packed } = first.format;
  const parts = [
    format === "text" ? `Text in ${encoding}, separated by ${separator}` : String(format ?? ""),
    packed ? `packed with ${packed}` : "",
    inspection.preset ? `recognised as an export of ${inspection.preset}` : "",
    inspection.date_order ? `dates with the ${ORDERS[inspection.date_order] ?? inspection.date_order} first` : "",
    inspection.currency ? `amounts in ${inspection.currency}` : "",
  ];
  return <>{parts.filter(Boolean).join(", ")}.</>;
}

/** A doubt in its own words; one about dates or decimals is answered right here, one about a column below. */
function Question({ doubt, onDecide }: { doubt: Doubt; onDecide: (body: Correction) => void }) {
  const setting = settingFor(doubt.choices);
  const words: Record<string, string> = { dmy: "Day first", mdy: "Month first", ".": "Point", ",": "Comma" };
  const body = (choice: string): Correction =>
    setting === "date_order"
      ? { date_order: choice as "dmy" | "mdy" }
      : { decimal: choice === "." ? "point" : "comma" };
  return (
    <div className="rounded-lg border border-risk-medium bg-[var(--risk-wash)] px-4 py-3">
      <p>{doubt.question}</p>
      {setting && (
        <div className="mt-2 flex gap-2">
          {doubt.choices.map((choice) => (
            <Button small key={choice} onClick={() => onDecide(body(choice))}>
              {words[choice] ?? choice}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function Row({
  words,
  tables,
  inspection,
  busy,
  onChange,
}: {
  words: FieldWords;
  tables: readonly InspectedTable[];
  inspection: Inspection;
  busy: boolean;
  onChange: (column: string) => void;
}) {
  const proposal = proposalOf(tables, words.field);
  const doubtful = isDoubtful(inspection, tables, words.field);
  const columns = [...new Set(tables.flatMap((table) => table.columns.map((column) => column.name)))];
  const samples = samplesOf(tables, proposal?.column);
  return (
    <div
      data-doubtful={doubtful || undefined}
      className={clsx(
        "grid items-center gap-x-5 gap-y-1 border-b border-line py-2.5 md:grid-cols-[13rem_15rem_1fr]",
        doubtful && "-mx-3 rounded-md bg-[var(--risk-wash)] px-3",
      )}
    >
      <label htmlFor={`map-${words.field}`}>
        <span className="font-medium">{words.name}</span>
        {words.needed && <span className="text-soft"> · needed</span>}
        <span className="block text-sm text-soft">{words.means}</span>
      </label>
      <Select
        id={`map-${words.field}`}
        value={proposal?.column ?? ""}
        disabled={busy}
        aria-invalid={doubtful}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">Not in the file</option>
        {columns.map((column) => (
          <option key={column}>{column}</option>
        ))}
      </Select>
      <div className="min-w-0 text-sm">
        <p className="truncate">
          {samples.map((sample, at) => (
            <span key={sample}>
              {at > 0 && <span className="text-line-strong"> · </span>}
              {sample}
            </span>
          ))}
        </p>
        {proposal && (
          <p className="truncate text-soft" title={proposal.reason}>
            {doubtful && "Doubtful: "}
            {proposal.reason}
          </p>
        )}
        {doubtful && proposal?.column && (
          <Button small className="mt-1.5" disabled={busy} onClick={() => onChange(proposal.column ?? "")}>
            Yes, {words.name.toLowerCase()} is {proposal.column}
          </Button>
        )}
      </div>
    </div>
  );
}

const USUAL = ["EUR", "USD", "GBP", "CHF", "BRL", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "INR", "MXN"];

function Currency({ inspection, onChange }: { inspection: Inspection; onChange: (code: string) => void }) {
  return (
    <div className="mt-4 flex items-center gap-3 text-sm">
      <label htmlFor="currency" className="text-soft">
        Currency of amounts
      </label>
      <Select
        id="currency"
        className="h-8"
        value={inspection.currency ?? ""}
        onChange={(event) => onChange(event.target.value)}
      >
        {!inspection.currency && <option value="">The file does not say</option>}
        {[...new Set([...(inspection.currency ? [inspection.currency] : []), ...USUAL])].map((code) => (
          <option key={code}>{code}</option>
        ))}
      </Select>
    </div>
  );
}

/** What else was found: other fields, other tables, and what to know about them. */
function Others({ inspection }: { inspection: Inspection }) {
  const known = new Set(FIELDS.map((words) => words.field));
  const more = Object.entries(inspection.mapping).filter(([field]) => !known.has(field));
  return (
    <Details
      label={`What else was found: ${many(inspection.tables.length, "table")}, ${many(inspection.notes.length, "note")}`}
    >
      <ul className="flex flex-col gap-1.5 text-sm">
        {inspection.tables.map((table) => (
          <li key={`${table.file}/${table.table}`}>
            {table.file}: {count(table.rows)} rows, {table.content === "ignored" ? "not needed" : table.content}
          </li>
        ))}
        {more.length > 0 && (
          <li>Also used: {listed(more.map(([field, column]) => `${column} as ${field.replaceAll("_", " ")}`))}.</li>
        )}
        {inspection.notes.map((note) => (
          <li key={note} className="text-soft">
            {note}
          </li>
        ))}
      </ul>
    </Details>
  );
}
