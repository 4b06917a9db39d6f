import { download } from "@/api/client";
import { count, exactMoney, sign } from "@/format/amounts";
import { Button } from "@/ui/button";
import { CsvButton, Table } from "@/ui/table";

export interface LedgerEntry {
  reason: string;
  meaning: string;
  lines: number;
  revenue: string;
}

export interface LedgerFacts {
  lines_in: number;
  lines_kept: number;
  lines_rejected: number;
  revenue_in: string;
  revenue_kept: string;
  revenue_rejected: string;
  currency: string | null;
  kept: LedgerEntry[];
  reasons: LedgerEntry[];
}

interface Line extends LedgerEntry {
  fate: "kept" | "rejected" | "sum";
}

/** Lines in = kept + rejected: every reason with its lines and its revenue. */
export function Ledger({ facts, importId }: { facts: LedgerFacts; importId?: string }) {
  const sum = (reason: string, meaning: string, lines: number, revenue: string): Line => ({
    fate: "sum",
    reason,
    meaning,
    lines,
    revenue,
  });
  const rows: Line[] = [
    ...facts.kept.map((entry) => ({ ...entry, fate: "kept" as const })),
    sum("kept", "", facts.lines_kept, facts.revenue_kept),
    ...facts.reasons.map((entry) => ({ ...entry, fate: "rejected" as const })),
    sum("rejected", "", facts.lines_rejected, facts.revenue_rejected),
    sum("in the files", "= kept + rejected", facts.lines_in, facts.revenue_in),
  ];
  const strong = (row: Line, text: string) =>
    row.fate === "sum" ? <strong className="font-semibold">{text}</strong> : text;
  return (
    <>
      <Table
        caption="Ledger"
        rows={rows}
        rowKey={(row) => `${row.fate}-${row.reason}`}
        columns={[
          { heading: "Lines", cell: (row) => strong(row, row.reason.replaceAll("_", " ")) },
          { heading: "What it means", cell: (row) => <span className="text-soft">{row.meaning}</span>, wideOnly: true },
          { heading: "Number", numeric: true, cell: (row) => strong(row, count(row.lines)) },
          {
            heading: `Revenue${facts.currency ? `, ${sign(facts.currency)}` : ""}`,
            numeric: true,
            cell: (row) => strong(row, exactMoney(row.revenue, null)),
          },
        ]}
      />
      <div className="mt-2 flex gap-1">
        {importId && facts.lines_rejected > 0 && (
          <Button
            small
            look="quiet"
            onClick={() => void download(`/api/v1/imports/${importId}/rejects`, "rejects.csv")}
          >
            Rejected rows, CSV
          </Button>
        )}
        <CsvButton
          name="ledger"
          table={() => ({
            columns: ["fate", "reason", "meaning", "lines", "revenue"],
            rows: rows.map((row) => [row.fate, row.reason, row.meaning, row.lines, row.revenue]),
          })}
        />
      </div>
    </>
  );
}
