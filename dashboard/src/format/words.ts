/** The words of the API as people say them. */

const NAMES: Record<string, string> = {
  customer_id: "customer",
  risk_band: "risk",
  rfm_group: "RFM group",
  rfm_group_eight: "RFM group (eight)",
  archetype: "archetype",
  days_since_last_order: "last order, days ago",
  order_count: "orders",
  net_revenue: "net revenue",
  median_gap_days: "usual gap, days",
  churn_ratio: "churn ratio",
  revenue_at_risk: "revenue at risk",
  run_rate: "run rate",
  p_buy: "chance to order",
  e_spend: "expected spend",
  e_orders: "expected order days",
  is_gone: "left long ago",
};

const VALUES: Record<string, string> = {
  one_time: "one order day",
  unknown: "no rhythm yet",
};

/** A column in words. */
export function columnName(name: string): string {
  return NAMES[name] ?? name.replaceAll("_", " ");
}

/** A value of a column of labels in words. */
export function label(value: string): string {
  return VALUES[value] ?? value;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Several things in a sentence: `a, b and c`. */
export function listed(things: readonly string[]): string {
  if (things.length < 2) return things.join("");
  return `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;
}
