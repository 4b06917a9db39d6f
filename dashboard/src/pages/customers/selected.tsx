import { save } from "@/api/client";
import type { CustomerRow } from "@/api/customers";
import { many } from "@/format/amounts";
import { asCsv } from "@/format/csv";
import { Button } from "@/ui/button";
import type { Feature } from "./kinds";

/** What can be done with the customers that were ticked. */
export function Selected({
  ids,
  rows,
  columns,
  onClear,
}: {
  ids: ReadonlySet<string>;
  rows: readonly CustomerRow[];
  columns: readonly Feature[];
  onClear: () => void;
}) {
  const names = ["customer_id", ...columns.map((column) => column.name)];
  const table = () => ({
    columns: names,
    rows: rows
      .filter((row) => ids.has(String(row.customer_id)))
      .map((row) =>
        names.map((name) =>
          typeof row[name] === "boolean" ? String(row[name]) : (row[name] as string | number | null),
        ),
      ),
  });
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="text-ink">{many(ids.size, "customer")} selected</span>
      <Button small onClick={() => save(new Blob([asCsv(table())], { type: "text/csv" }), "selected-customers.csv")}>
        CSV
      </Button>
      <Button small onClick={() => void navigator.clipboard.writeText([...ids].join("\n"))}>
        Copy ids
      </Button>
      <Button small look="quiet" onClick={onClear}>
        Clear
      </Button>
    </span>
  );
}
