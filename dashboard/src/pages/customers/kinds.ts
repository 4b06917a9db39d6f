/** What a column holds, and so how a cell of it is shown. */
import type { components } from "@/api/schema";
import { cellMoney, count, decimal, share, sign } from "@/format/amounts";
import { capital, columnName, label } from "@/format/words";

export type Feature = components["schemas"]["Feature"];
export type Value = components["schemas"]["Customers"]["items"][number][string];

export type CellKind = "label" | "flag" | "money" | "share" | "whole" | "number";

export function kindOf(feature: Feature): CellKind {
  if (feature.type === "BOOLEAN") return "flag";
  if (feature.type === "VARCHAR" || feature.type.startsWith("TIMESTAMP") || feature.type === "DATE") return "label";
  if (feature.unit === "money") return "money";
  if (feature.name === "p_buy" || feature.name === "p_alive") return "share";
  return feature.type === "INTEGER" || feature.type === "BIGINT" ? "whole" : "number";
}

export function isNumeric(kind: CellKind): boolean {
  return kind !== "label" && kind !== "flag";
}

export function shown(value: Value | undefined, kind: CellKind): string {
  if (value === null || value === undefined) return "–";
  switch (kind) {
    case "label":
      return label(String(value));
    case "flag":
      return value === true ? "yes" : "no";
    case "money":
      return cellMoney(value as string | number);
    case "share":
      return share(Number(value));
    case "whole":
      return count(Number(value));
    default:
      return decimal(Number(value), 2);
  }
}

/** The heading of a column, with its unit. */
export function heading(feature: Feature, currency: string | null | undefined): string {
  const name = capital(columnName(feature.name));
  const unit = kindOf(feature) === "money" ? sign(currency) : "";
  return unit ? `${name}, ${unit}` : name;
}
