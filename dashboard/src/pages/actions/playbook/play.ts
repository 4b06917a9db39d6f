/** A play as the API keeps it, and as it is edited: numbers as they are typed, shares as percent, lines as lines. */
import type { components } from "@/api/schema";
import { isUnreadable, readWhere, type Unreadable, type Where, writeWhere } from "./where";

export type Written = components["schemas"]["Written"]["plays"][number];

export interface Play {
  readonly name: string;
  readonly where: Where;
  readonly what: string;
  readonly why?: string;
  readonly timing?: string;
  readonly message?: readonly string[];
  readonly offer?: { contact_cost?: number; incentive?: number; discount?: number; redeemed?: number };
  readonly effect: { points: number; give_or_take: number; evidence?: string };
}

export interface Draft {
  readonly name: string;
  readonly where: string;
  readonly what: string;
  readonly why: string;
  readonly timing: string;
  readonly message: string;
  readonly contact_cost: string;
  readonly incentive: string;
  readonly discount: string;
  readonly redeemed: string;
  readonly points: string;
  readonly give_or_take: string;
  readonly evidence: string;
}

export const BELIEVED = "rule of thumb";

export function draftOf({ name, where, what, why, timing, message, offer, effect }: Play): Draft {
  return {
    name,
    where: writeWhere(where),
    what,
    why: why ?? "",
    timing: timing ?? "",
    message: (message ?? []).join("\n"),
    contact_cost: typed(offer?.contact_cost),
    incentive: typed(offer?.incentive),
    discount: percent(offer?.discount),
    redeemed: percent(offer?.redeemed),
    points: typed(effect.points),
    give_or_take: typed(effect.give_or_take),
    evidence: effect.evidence ?? BELIEVED,
  };
}

/** What the API is told; a line of conditions that cannot be read comes back instead. */
export function playOf(draft: Draft): Play | Unreadable {
  const where = readWhere(draft.where);
  if (isUnreadable(where)) return where;
  const offer = {
    ...given("contact_cost", draft.contact_cost, 1),
    ...given("incentive", draft.incentive, 1),
    ...given("discount", draft.discount, 100),
    ...given("redeemed", draft.redeemed, 100),
  };
  return {
    name: draft.name.trim(),
    where,
    what: draft.what.trim(),
    why: draft.why.trim(),
    timing: draft.timing.trim(),
    message: draft.message
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
    offer,
    effect: {
      ...(given("points", draft.points, 1) as { points: number }),
      ...(given("give_or_take", draft.give_or_take, 1) as { give_or_take: number }),
      ...(draft.evidence !== BELIEVED && { evidence: draft.evidence }),
    },
  };
}

/** A name that no other play has. */
export function freeName(names: readonly string[], wanted: string): string {
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? wanted : `${wanted} ${nth}`;
    if (!names.includes(name)) return name;
  }
}

/** The plays of both playbooks in one order: as they will be, then those that are gone. */
export function paired<Before extends { name: string }, After extends { name: string }>(
  before: readonly Before[],
  after: readonly After[],
): { name: string; before: Before | undefined; after: After | undefined }[] {
  const gone = before.filter((each) => !after.some((other) => other.name === each.name));
  return [
    ...after.map((each) => ({
      name: each.name,
      before: before.find((other) => other.name === each.name),
      after: each,
    })),
    ...gone.map((each) => ({ name: each.name, before: each, after: undefined })),
  ];
}

function typed(number: number | undefined): string {
  return number === undefined ? "" : String(number);
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : String(Number((share * 100).toPrecision(12)));
}

/** A number that was typed, under its name; nothing where nothing was typed. */
function given(name: string, text: string, parts: number): Record<string, number> {
  return text.trim() === "" ? {} : { [name]: Number((Number(text) / parts).toPrecision(12)) };
}
