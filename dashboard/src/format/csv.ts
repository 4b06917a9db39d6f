/** A table as CSV, for the file behind every chart and table of the page. */

export type Cell = string | number | null;

export interface PlainTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Texts that a spreadsheet would take for a formula begin with an apostrophe, as in the files of the API. */
function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function asCsv(table: PlainTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
