import type { Country, History, Segment } from "@/api/vouchers";
import { count, exactMoney, many, share, sign } from "@/format/amounts";
import { Section } from "@/ui/page";
import { CsvButton, ShareBar, Table } from "@/ui/table";
import { Term } from "@/ui/term";
import { KIND_NAMES, KINDS, LABELS, LABELS_MEAN, tiesInWords } from "./words";

/** The answer of every segment of a country, by orders and by days since the last one. */
export function Segments({ history, country }: { history: History; country: Country }) {
  const outside = KINDS.map((kind) => [kind, country.outside_rules[kind] ?? 0] as const).filter(([, rows]) => rows > 0);
  return (
    <Section
      title={`The voucher used most, ${country.country}`}
      note={
        <>
          That is popularity, not effect: <Term means={LABELS_MEAN}>what the words mean</Term>.
        </>
      }
      actions={
        <CsvButton
          name={`vouchers-${country.country}`}
          table={() => ({
            columns: ["segment_name", "segment", "voucher_amount", "used", "n", "share", "label"],
            rows: country.segments.map((each) => [
              each.segment_name,
              each.segment,
              each.voucher_amount,
              each.used,
              each.n,
              each.share,
              each.label,
            ]),
          })}
        />
      }
    >
      <div className="grid gap-x-14 gap-y-8 xl:grid-cols-2">
        {KINDS.map((kind) => (
          <div key={kind} className="min-w-0">
            <h3 className="font-medium">{KIND_NAMES[kind]}</h3>
            <Answers
              name={KIND_NAMES[kind]}
              segments={country.segments.filter((each) => each.segment_name === kind)}
              currency={history.currency}
            />
          </div>
        ))}
      </div>
      {outside.length > 0 && (
        <p className="mt-3 max-w-[80ch] text-sm text-soft">
          {outside
            .map(
              ([kind, rows]) =>
                `${many(rows, "voucher")} that count are in no range of ${KIND_NAMES[kind].toLowerCase()}`,
            )
            .join(", ")}
          .
        </p>
      )}
    </Section>
  );
}

function Answers({
  name,
  segments,
  currency,
}: {
  name: string;
  segments: readonly Segment[];
  currency: string | null;
}) {
  return (
    <Table
      caption={`Vouchers by ${name.toLowerCase()}`}
      rows={segments}
      rowKey={(row) => row.segment}
      columns={[
        {
          heading: "Segment",
          cell: (row) => (
            <>
              <span className="whitespace-nowrap">{row.segment}</span>
              <span className="block text-xs text-soft md:hidden">{whyInWords(row, currency)}</span>
            </>
          ),
        },
        {
          heading: `Voucher${currency ? `, ${sign(currency)}` : ""}`,
          numeric: true,
          cell: (row) => (row.voucher_amount === null ? "–" : exactMoney(row.voucher_amount, null)),
        },
        { heading: "Given", numeric: true, cell: (row) => count(row.n) },
        {
          heading: "Had this one",
          numeric: true,
          cell: (row) => (row.share === null ? "–" : <ShareBar value={row.share}>{share(row.share, 1)}</ShareBar>),
        },
        {
          heading: "Why",
          wideOnly: true,
          cell: (row) => <span className="text-soft">{whyInWords(row, currency)}</span>,
        },
      ]}
    />
  );
}

function whyInWords(row: Segment, currency: string | null): string {
  if (row.label === "fallback_country") return LABELS.fallback_country ?? "";
  const ties = tiesInWords(row, currency);
  return ties ? `used most; ${ties}` : "used most";
}
