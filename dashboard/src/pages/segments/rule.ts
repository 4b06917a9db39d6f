/** A rule that is being tried out: columns with ranges and values, as the API and a rule file take it. */
import type { components } from "@/api/schema";

export type Rule = components["schemas"]["Rule"];

export interface Draft {
  readonly orders: readonly [string, string];
  readonly days: readonly [string, string];
  readonly revenue: readonly [string, string];
  readonly bands: readonly string[];
}

export const EMPTY: Draft = { orders: ["", ""], days: ["", ""], revenue: ["", ""], bands: [] };

const COLUMNS = { orders: "order_count", days: "days_since_last_order", revenue: "net_revenue" } as const;

/** The rule of a draft; null while it says nothing. */
export function ruleOf(draft: Draft): Rule | null {
  const where: Rule["where"] = {};
  for (const part of ["orders", "days", "revenue"] as const) {
    const [min, max] = draft[part].map((text) => (text.trim() === "" ? null : Number(text)));
    if (min == null && max == null) continue;
    where[COLUMNS[part]] = { ...(min != null && { min }), ...(max != null && { max }) };
  }
  if (draft.bands.length) where.risk_band = [...draft.bands];
  return Object.keys(where).length ? { name: "Preview", kind: "", sentence: "", where } : null;
}

/** The same rule as conditions of the list of customers; several bands are not one condition, so one is needed. */
export function conditionsOf(draft: Draft): string[] | null {
  if (draft.bands.length > 1) return null;
  const found: string[] = [];
  for (const part of ["orders", "days", "revenue"] as const) {
    const [min, max] = draft[part];
    if (min.trim()) found.push(`${COLUMNS[part]}>=${min}`);
    if (max.trim()) found.push(`${COLUMNS[part]}<=${max}`);
  }
  return draft.bands[0] ? [...found, `risk_band=${draft.bands[0]}`] : found;
}
