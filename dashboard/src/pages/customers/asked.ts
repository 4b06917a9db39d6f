/** Which customers are asked for; all of it stands in the address, so that a list can be sent to a colleague. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

export interface Asked {
  readonly where: readonly string[];
  readonly search: string;
  readonly sort: string;
  readonly columns: readonly string[];
  readonly view: "table" | "plot";
  readonly customer: string | null;
}

/** Shown unless somebody chose others; columns that the shop does not have are left out. */
export const USUAL_COLUMNS = [
  "risk_band",
  "days_since_last_order",
  "median_gap_days",
  "order_count",
  "net_revenue",
  "revenue_at_risk",
  "p_buy",
  "e_spend",
  "rfm_group",
  "archetype",
] as const;

export const USUAL_SORT = "-revenue_at_risk";

export function readAsked(search: URLSearchParams): Asked {
  return {
    where: search.getAll("where"),
    search: search.get("q") ?? "",
    sort: search.get("sort") ?? USUAL_SORT,
    columns: search.get("columns")?.split(",").filter(Boolean) ?? USUAL_COLUMNS,
    view: search.get("view") === "plot" ? "plot" : "table",
    customer: search.get("customer"),
  };
}

export function writeAsked(asked: Asked): URLSearchParams {
  const search = new URLSearchParams();
  for (const condition of asked.where) search.append("where", condition);
  if (asked.search) search.set("q", asked.search);
  if (asked.sort !== USUAL_SORT) search.set("sort", asked.sort);
  if (asked.columns.join() !== USUAL_COLUMNS.join()) search.set("columns", asked.columns.join());
  if (asked.view !== "table") search.set("view", asked.view);
  if (asked.customer) search.set("customer", asked.customer);
  return search;
}

/** The address as what is asked, and how to change a part of it. */
export function useAsked(): [Asked, (change: Partial<Asked>) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = useMemo(() => readAsked(search), [search]);
  const change = useCallback(
    (part: Partial<Asked>) => setSearch((now) => writeAsked({ ...readAsked(now), ...part }), { replace: true }),
    [setSearch],
  );
  return [asked, change];
}
