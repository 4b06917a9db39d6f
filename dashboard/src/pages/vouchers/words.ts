/** The words of the voucher pages. */
import type { Country, History, Segment } from "@/api/vouchers";
import { count, exactMoney, many, share } from "@/format/amounts";
import { listed } from "@/format/words";

export const KIND_NAMES = { frequent_segment: "Orders so far", recency_segment: "Days since the last order" } as const;

export type Kind = keyof typeof KIND_NAMES;

export const KINDS = Object.keys(KIND_NAMES) as Kind[];

/** What an amount rests on. */
export const LABELS: { readonly [label: string]: string } = {
  most_used: "used most in the segment",
  fallback_country: "no history: as in the country",
  outside_rules: "in no segment",
  measured_margin: "measured to bring most",
  explored: "at random, to learn from",
  held_out: "nothing, at random, to learn from",
  leave_alone: "nothing: vouchers were measured to cost more than they bring",
  limit_reached: "a limit is reached",
};

export const LABELS_MEAN =
  "Used most: of the vouchers given in this segment most had this amount. No history: nobody in this segment got one, so the country's most used amount answers. Neither says what a voucher brings; offers measure that.";

/** Amounts that were used as often as the one that is answered. */
export function tiesInWords(one: Pick<Segment, "ties" | "voucher_amount">, currency: string | null): string {
  const others = one.ties.filter((amount) => amount !== one.voucher_amount);
  return others.length ? `as often: ${listed(others.map((amount) => exactMoney(amount, currency)))}` : "";
}

/** Whether the segments are told apart: how many different amounts they answer with. */
export function amountsOf({ segments }: Country): number {
  return new Set(segments.map((each) => each.voucher_amount)).size;
}

/** The history's answer in one sentence. */
export function headline({ countries, currency, rows_kept }: History): string {
  const [one] = countries;
  if (!one || countries.length > 1)
    return `${count(rows_kept)} vouchers of ${many(countries.length, "country", "countries")} count: each segment answers with the one it was given most.`;
  const same = amountsOf(one) === 1;
  return `In ${one.country} the voucher given most is ${exactMoney(one.voucher_amount ?? "0", currency)}: ${share(one.share, 1)} of ${count(one.n)} that count${same ? ", and no segment differs" : `; its segments answer with ${count(amountsOf(one))} different amounts`}.`;
}

/** Countries as somebody writes them: with commas between. */
export function countriesOf(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean);
}
