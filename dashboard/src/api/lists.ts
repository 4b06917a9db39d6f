/** Action lists, and what may be done with one in its state. */
import { useQueryClient } from "@tanstack/react-query";
import { $api } from "./client";
import type { components } from "./schema";

export type ActionList = components["schemas"]["ActionList"];
export type ListInDetail = components["schemas"]["ListInDetail"];
export type ListResult = components["schemas"]["ListResult"];
export type State = ActionList["state"];

/** A list that somebody was treated by, or will be. */
export function isOpen(list: ActionList): boolean {
  return list.state === "approved" || list.state === "exported";
}

/** What a state is called, and what comes next. */
export const STATES: Readonly<Record<State, { name: string; next: string }>> = {
  draft: { name: "Draft", next: "Approve it, and nobody on it is put on another list." },
  approved: { name: "Approved", next: "Take the customers along, and treat them." },
  exported: { name: "Sent", next: "Wait until its window is over, then close it." },
  closed: { name: "Closed", next: "Its holdouts may be treated again." },
};

/** Read lists, rankings and what rests on them anew. */
export function useListsChanged(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const address of ["/api/v1/action-lists", "/api/v1/actions"])
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1] ?? "").startsWith(address) });
  };
}

export function useList(id: string) {
  return $api.useQuery("get", "/api/v1/action-lists/{list_id}", { params: { path: { list_id: id } } });
}
