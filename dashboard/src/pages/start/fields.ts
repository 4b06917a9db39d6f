/** The fields that an order needs, in a merchant's words, and which of them together are enough. */
import type { components } from "@/api/schema";

type Doubt = components["schemas"]["Doubt"];
type InspectedTable = components["schemas"]["InspectedTable"];
type Inspection = components["schemas"]["Inspection"];
type MappedField = components["schemas"]["MappedField"];

export interface FieldWords {
  readonly field: string;
  readonly name: string;
  readonly means: string;
  readonly needed: boolean;
}

export const FIELDS: readonly FieldWords[] = [
  { field: "customer_id", name: "Customer", means: "who bought: an id or an e-mail that comes back", needed: true },
  { field: "ordered_at", name: "Time", means: "when the order was placed", needed: true },
  { field: "order_id", name: "Order", means: "which lines belong together", needed: false },
  { field: "product_id", name: "Product", means: "what was bought", needed: false },
  { field: "quantity", name: "Quantity", means: "how many of it", needed: false },
  { field: "unit_price", name: "Unit price", means: "of one piece", needed: false },
  { field: "amount", name: "Line amount", means: "value of the line, if the file has it", needed: false },
  { field: "order_total", name: "Order total", means: "value of the whole order, once for each order", needed: false },
];

const VALUE = new Set(["amount", "order_total", "quantity", "unit_price"]);

/** Tables of order lines; where a file has none, whatever was asked about. */
export function orderTables(inspection: Inspection): InspectedTable[] {
  const lines = inspection.tables.filter((table) => table.content === "lines");
  return lines.length ? lines : inspection.tables.filter((table) => table.columns.length > 0);
}

export function proposalOf(tables: readonly InspectedTable[], field: string): MappedField | undefined {
  return tables.flatMap((table) => table.mapping).find((each) => each.field === field && each.column);
}

/** Whether somebody has to look at a field before the file can be taken in: of the ways to a value, those proposed. */
export function isDoubtful(inspection: Inspection, tables: readonly InspectedTable[], field: string): boolean {
  const asked = inspection.doubts.some(
    (doubt) => doubt.field === field || (doubt.field === "amount" && VALUE.has(field)),
  );
  if (!asked || !VALUE.has(field)) return asked;
  const proposed = [...VALUE].filter((each) => proposalOf(tables, each));
  return proposed.length === 0 || proposed.includes(field);
}

/** Whether the row of a field says all that the question says. */
export function isAskedInItsRow(doubt: Doubt, tables: readonly InspectedTable[]): boolean {
  const [column] = doubt.columns;
  if (!column || settingFor(doubt.choices) !== null) return false;
  return [...VALUE, doubt.field].some((field) => proposalOf(tables, field)?.column === column);
}

export function samplesOf(tables: readonly InspectedTable[], column: string | null | undefined): string[] {
  if (!column) return [];
  return tables.flatMap((table) => table.columns).find((each) => each.name === column)?.samples ?? [];
}

/** A doubt that is about how a column is written rather than which one it is; the setting that decides it. */
export function settingFor(choices: readonly string[]): "date_order" | "decimal" | null {
  if (choices.includes("dmy")) return "date_order";
  return choices.length === 2 && choices.includes(".") && choices.includes(",") ? "decimal" : null;
}
