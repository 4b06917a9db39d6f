/** Who is signed in, where, and what they may do. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { $api, api, chooseTenant, chosenTenant, setCsrf } from "./client";
import { Refusal } from "./problem";
import type { components } from "./schema";

export type Session = components["schemas"]["Session"];
export type Role = Session["role"];

const RANK: Record<Role, number> = { viewer: 0, analyst: 1, admin: 2, operator: 3 };

export const SessionContext = createContext<Session | null>(null);

/** The session of a page that is only shown to who is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("There is no session here.");
  return session;
}

export function useMay(needed: Role): boolean {
  return RANK[useSession().role] >= RANK[needed];
}

/** Null where nobody is signed in. A tenant that is not ours any more is forgotten, and the first one taken. */
export async function readSession(): Promise<Session | null> {
  try {
    const { data } = await api.GET("/api/v1/session");
    if (data) setCsrf(data.csrf_token);
    return data ?? null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.problem.status === 401) return null;
    if (chosenTenant() === null || ![403, 404].includes(error.problem.status)) throw error;
    chooseTenant(null);
    return readSession();
  }
}

/** Act in another tenant: what was read of the one before is thrown away. */
export function useTenantChange(): (name: string) => Promise<void> {
  const queries = useQueryClient();
  return async (name) => {
    chooseTenant(name);
    await queries.resetQueries();
  };
}

export function useSignOut(): () => void {
  const queries = useQueryClient();
  const end = $api.useMutation("delete", "/api/v1/session", {
    onSettled: () => {
      setCsrf(null);
      queries.clear();
      location.assign("/");
    },
  });
  return () => end.mutate({});
}
