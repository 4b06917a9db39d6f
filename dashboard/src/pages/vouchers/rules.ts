/** The rule table while it is edited: what is wrong with it and where it has gaps, in words. */
import type { Rule } from "@/api/vouchers";
import { countriesOf, KIND_NAMES, KINDS, type Kind } from "./words";

const RULE_KINDS: Record<Kind, string> = { frequent_segment: "frequency", recency_segment: "recency" };
const UNITS: Record<Kind, string> = { frequent_segment: "orders", recency_segment: "days" };
const LARGEST = 1_000_000;

/** A range as it is typed; both ends included, an empty `to` has no end. */
export interface Draft {
  readonly key: number;
  readonly kind: Kind;
  readonly segment: string;
  readonly from: string;
  readonly to: string;
}

export interface Drafts {
  readonly ranges: readonly Draft[];
  readonly countries: string;
}

export interface Findings {
  /** Why it cannot be used. */
  readonly problems: readonly string[];
  /** Where customers would get nothing: allowed, and said. */
  readonly gaps: readonly string[];
}

interface Range {
  readonly segment: string;
  readonly least: number;
  readonly most: number;
}

export function draftsOf(rules: readonly Rule[]): Drafts {
  const ranges = rules.flatMap(({ kind, segment, from, to }, key) => {
    const found = KINDS.find((each) => RULE_KINDS[each] === kind);
    return found ? [{ key, kind: found, segment, from: String(from ?? ""), to: String(to ?? "") }] : [];
  });
  const countries = rules.filter(({ kind }) => kind === "country").map(({ segment }) => segment);
  return { ranges, countries: countries.join(", ") };
}

/** The table for the API. */
export function rulesOf({ ranges, countries }: Drafts): Rule[] {
  return [
    ...ranges.map(({ kind, segment, from, to }) => ({
      kind: RULE_KINDS[kind],
      segment: segment.trim(),
      from: whole(from) ?? null,
      to: to.trim() === "" ? null : (whole(to) ?? null),
    })),
    ...countriesOf(countries).map((segment) => ({ kind: "country", segment, from: null, to: null })),
  ];
}

/** What a range is called where nobody gave it a name: `5-13`, `181+`. */
export function usualName(from: string, to: string): string {
  return to.trim() === "" ? `${from.trim()}+` : `${from.trim()}-${to.trim()}`;
}

/** A range with another end; it keeps a name that somebody gave it, and follows its ends otherwise. */
export function changed(draft: Draft, ends: Partial<Pick<Draft, "from" | "to">>): Draft {
  const next = { ...draft, ...ends };
  const named = draft.segment.trim() !== "" && draft.segment !== usualName(draft.from, draft.to);
  return named ? next : { ...next, segment: usualName(next.from, next.to) };
}

/** A new range behind the last one of its kind. */
export function added(drafts: Drafts, kind: Kind): Drafts {
  const own = drafts.ranges.filter((each) => each.kind === kind);
  const ends = own.map(({ from, to }) => whole(to) ?? whole(from) ?? 0);
  const from = String(own.length ? Math.max(...ends) + 1 : 1);
  const key = Math.max(-1, ...drafts.ranges.map((each) => each.key)) + 1;
  return { ...drafts, ranges: [...drafts.ranges, { key, kind, segment: usualName(from, ""), from, to: "" }] };
}

export function findingsOf({ ranges }: Drafts): Findings {
  const problems = ranges.length ? [] : ["There has to be at least one range."];
  const gaps: string[] = [];
  for (const kind of KINDS) {
    const own = ranges.filter((each) => each.kind === kind);
    const wrong = own.map((each) => unreadable(each, kind)).filter((each) => each !== null);
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    const sorted = own
      .map(({ segment, from, to }) => ({
        segment: segment.trim(),
        least: whole(from) ?? 0,
        most: whole(to) ?? Infinity,
      }))
      .sort((one, other) => one.least - other.least || one.most - other.most);
    problems.push(...overlaps(sorted, kind), ...twice(sorted, kind));
    gaps.push(...between(sorted, kind));
  }
  return { problems, gaps };
}

/** A whole number from 0 on; nothing for anything else. */
function whole(text: string): number | undefined {
  return /^\d{1,7}$/.test(text.trim()) && Number(text) <= LARGEST ? Number(text) : undefined;
}

function unreadable({ segment, from, to }: Draft, kind: Kind): string | null {
  const name = segment.trim() || `A range of ${KIND_NAMES[kind].toLowerCase()}`;
  if (!segment.trim()) return `${name} has no name.`;
  if (whole(from) === undefined) return `${name}: write a whole number under "from", such as 1.`;
  if (to.trim() && whole(to) === undefined) return `${name}: write a whole number under "to", or nothing for no end.`;
  if (to.trim() && Number(to) < Number(from)) return `${name} holds nothing: it ends before it begins.`;
  return null;
}

function overlaps(sorted: readonly Range[], kind: Kind): string[] {
  return pairs(sorted).flatMap(([one, other]) => {
    if (other.least > one.most) return [];
    const last = Math.min(one.most, other.most);
    const values = last === Infinity ? `${other.least} or more` : oneOr(other.least, last);
    return [`${one.segment} and ${other.segment} overlap: a customer with ${values} ${UNITS[kind]} would be in both.`];
  });
}

function twice(sorted: readonly Range[], kind: Kind): string[] {
  const names = sorted.map(({ segment }) => segment);
  const repeated = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return repeated.map((name) => `Two ranges of ${KIND_NAMES[kind].toLowerCase()} are called ${name}.`);
}

function between(sorted: readonly Range[], kind: Kind): string[] {
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return [`No range goes by ${KIND_NAMES[kind].toLowerCase()}: such a question gets no voucher.`];
  const unit = UNITS[kind];
  const low = kind === "frequent_segment" ? 1 : 0; // nobody with 0 orders is a customer yet
  const inside = pairs(sorted).flatMap(([one, other]) => {
    if (other.least - one.most <= 1) return [];
    const values = oneOr(one.most + 1, other.least - 1);
    return [`${values} ${unit}: between ${one.segment} and ${other.segment}, no voucher.`];
  });
  return [
    ...(first.least > low ? [`Below ${first.least} ${unit}: no voucher.`] : []),
    ...inside,
    ...(last.most === Infinity ? [] : [`Above ${last.most} ${unit}: no voucher.`]),
  ];
}

function oneOr(from: number, to: number): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}

function pairs<T>(things: readonly T[]): (readonly [T, T])[] {
  return things.slice(1).map((other, at) => [things[at] as T, other] as const);
}
