/** What a list may cost and whom it may reach; both stand in the address, so that a plan can be sent to a colleague. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { Limits } from "@/api/actions";

const MOST_MONEY = 1e15;
const MOST_CONTACTS = 1e9;

/** Texts that are no limit are none: an address may have been mistyped. */
export function readLimits(search: URLSearchParams): Limits {
  const contacts = within(search.get("contacts"), MOST_CONTACTS);
  return {
    budget: within(search.get("budget"), MOST_MONEY),
    contacts: contacts === null ? null : Math.floor(contacts),
  };
}

export function writeLimits({ budget, contacts }: Limits): URLSearchParams {
  const search = new URLSearchParams();
  if (budget !== null) search.set("budget", String(budget));
  if (contacts !== null) search.set("contacts", String(contacts));
  return search;
}

/** A number of 0 or more as it was typed; null for everything else. */
export function within(text: string | null, most: number): number | null {
  if (text === null || text.trim() === "") return null;
  const number = Number(text);
  return number >= 0 ? Math.min(number, most) : null;
}

export function useLimits(): [Limits, (change: Partial<Limits>) => void] {
  const [search, setSearch] = useSearchParams();
  const limits = useMemo(() => readLimits(search), [search]);
  const change = useCallback(
    (part: Partial<Limits>) => setSearch((now) => writeLimits({ ...readLimits(now), ...part }), { replace: true }),
    [setSearch],
  );
  return [limits, change];
}
