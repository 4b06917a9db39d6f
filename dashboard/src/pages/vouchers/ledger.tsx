import { useMay } from "@/api/session";
import { type History, type Policy, useMaking } from "@/api/vouchers";
import { count, exactMoney, many, sign } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Section } from "@/ui/page";
import { CsvButton, Table } from "@/ui/table";
import { MakingNow } from "./making";

type Entry = History["ledger"][number];

/** Damaged times: what the default leaves out and `simple` counts. They are judged last, so they would all be kept. */
const DAMAGED: readonly string[] = ["assigned_before_last_order", "assigned_in_the_future"];

interface Line extends Entry {
  readonly sum: boolean;
}

/** Rows in = kept + rejected, each with its reason, and what the other rules would have kept. */
export function Ledger({ history }: { history: History }) {
  const lines: Line[] = [
    ...history.ledger.map((entry) => ({ ...entry, sum: entry.reason === "kept" })),
    { reason: "rejected", rows: history.rows_rejected, amount: "", explanation: "", sum: true },
    { reason: "in the file", rows: history.rows_in, amount: "", explanation: "= kept + rejected", sum: true },
  ];
  const strong = (line: Line, text: string) => (line.sum ? <strong className="font-semibold">{text}</strong> : text);
  return (
    <Section
      title="What counts"
      note={`${history.file}: ${count(history.rows_of_countries)} of ${count(history.rows_in)} rows are of the countries that were asked for. Rows in = kept + rejected.`}
      actions={
        <CsvButton
          name="voucher-ledger"
          table={() => ({
            columns: ["reason", "meaning", "rows", "amount"],
            rows: lines.map((line) => [line.reason, line.explanation, line.rows, line.amount]),
          })}
        />
      }
    >
      <Table
        caption="Ledger of the voucher history"
        rows={lines}
        rowKey={(line) => line.reason}
        columns={[
          { heading: "Rows", cell: (line) => strong(line, line.reason.replaceAll("_", " ")) },
          {
            heading: "What it means",
            wideOnly: true,
            cell: (line) => <span className="text-soft">{line.explanation}</span>,
          },
          { heading: "Number", numeric: true, cell: (line) => strong(line, count(line.rows)) },
          {
            heading: `Vouchers worth${history.currency ? `, ${sign(history.currency)}` : ""}`,
            numeric: true,
            wideOnly: true,
            cell: (line) => line.amount && strong(line, exactMoney(line.amount, null)),
          },
        ]}
      />
      {history.duplicates > 0 && (
        <p className="mt-3 max-w-[80ch] text-sm text-soft">
          {many(history.duplicates, "row")} equal an earlier one. Nobody can tell whether twice is meant; they count.
        </p>
      )}
      <Presets history={history} />
    </Section>
  );
}

/** Both sets of rules side by side, with what each keeps as far as that is known. */
function Presets({ history }: { history: History }) {
  const may = useMay("analyst");
  const making = useMaking();
  const damaged = history.ledger
    .filter((entry) => DAMAGED.includes(entry.reason))
    .reduce((sum, entry) => sum + entry.rows, 0);
  const isDefault = history.policy === "default";
  const other: Policy = isDefault ? "simple" : "default";
  const presets: readonly (readonly [Policy, string, string])[] = [
    [
      "default",
      isDefault ? `keeps ${count(history.rows_kept)}` : "keeps as many or fewer",
      "The rules of simple, and two more: a voucher cannot have been given before the order it was given for, nor later than today. Such times are damaged, and their days since the last order mean nothing.",
    ],
    [
      "simple",
      `keeps ${count(isDefault ? history.rows_kept + damaged : history.rows_kept)}`,
      isDefault
        ? `Empty and unreadable cells, dates without orders and a last order before the first are left out, nothing else. ${many(damaged, "row")} with damaged times would count.`
        : "Empty and unreadable cells, dates without orders and a last order before the first are left out, nothing else.",
    ],
  ];
  return (
    <>
      <dl className="mt-6 grid gap-x-14 gap-y-4 md:grid-cols-2">
        {presets.map(([policy, keeps, means]) => (
          <div key={policy}>
            <dt className="flex items-baseline gap-2">
              <span className="font-medium">{policy}</span>
              <span className="tabular-nums">{keeps}</span>
              {policy === history.policy && <span className="text-sm text-accent">in force</span>}
            </dt>
            <dd className="mt-1 text-sm text-soft">{means}</dd>
          </div>
        ))}
      </dl>
      {may && (
        <div className="mt-4">
          <Button small disabled={making.busy} onClick={() => making.make({ policy: other, place: history.place })}>
            Make it anew by {other}
          </Button>
        </div>
      )}
      <MakingNow making={making} />
    </>
  );
}
