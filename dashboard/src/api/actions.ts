/** The ranked list of actions. The address also hands out files, so what comes as JSON is named here, once. */
import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

export type Ranking = components["schemas"]["RankedActions"];
export type ActionPage = components["schemas"]["Actions"];
export type Action = ActionPage["items"][number];
export type Point = Ranking["curve"][number];
export type PlayTotal = Ranking["plays"][number];

/** What a list may cost, and whom it may reach; null is no limit. */
export interface Limits {
  readonly budget: number | null;
  readonly contacts: number | null;
}

export const NO_LIMITS: Limits = { budget: null, contacts: null };

export async function pageOfActions(
  limits: Limits,
  { limit, cursor }: { limit: number; cursor?: string | null },
  signal?: AbortSignal,
): Promise<ActionPage> {
  const { data } = await api.GET("/api/v1/actions", { params: { query: { ...limits, limit, cursor } }, signal });
  return data as ActionPage;
}

/** A ranking as a whole, under some limits. */
export function useRanking(limits: Limits) {
  return useQuery({
    queryKey: ["get", "/api/v1/actions", "ranking", limits],
    queryFn: ({ signal }) => pageOfActions(limits, { limit: 1 }, signal),
  });
}
