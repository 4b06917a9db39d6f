/** Where days and amounts stand on the timeline. */
import type { components } from "@/api/schema";
import { daysBetween } from "@/format/times";

type Order = components["schemas"]["Order"];

export interface Tick {
  readonly x: number;
  readonly height: number;
  readonly order: Order;
}

export interface Scale {
  readonly ticks: readonly Tick[];
  readonly now: number;
  readonly window: readonly [number, number] | null;
  readonly years: readonly { readonly x: number; readonly name: string }[];
}

const MARGIN = 0.02;

/** From the first order shown to past the window of the next one; x from 0 to 1, heights by the root of the amount. */
export function scaleOf(
  orders: readonly Order[],
  asOf: string,
  next: { earliest: string; latest: string } | null,
): Scale {
  const days = orders.map((order) => order.ordered_at.slice(0, 10));
  const begin = days.at(-1) ?? asOf;
  const end = next && next.latest > asOf ? next.latest : asOf;
  const length = Math.max(1, daysBetween(begin, end));
  const place = (day: string) => MARGIN + (1 - 2 * MARGIN) * (daysBetween(begin, day) / length);
  const most = Math.max(1, ...orders.map((order) => Number(order.amount)));
  const years: { x: number; name: string }[] = [];
  for (let year = Number(begin.slice(0, 4)) + 1; `${year}-01-01` < end; year++)
    years.push({ x: place(`${year}-01-01`), name: String(year) });
  return {
    ticks: orders.map((order, at) => ({
      order,
      x: place(days[at] ?? asOf),
      height: Math.max(0.12, Math.sqrt(Math.max(0, Number(order.amount)) / most)),
    })),
    now: place(asOf),
    window: next ? [place(next.earliest), place(next.latest)] : null,
    years,
  };
}
