/** The profit curve as something to choose a budget on. */
import type { Limits, Point, Ranking } from "@/api/actions";

/** Places of the slider; the last one is no limit. */
export const STEPS = 200;

/** Points by rising number of customers, the end of a list among them. */
export function withPoint(curve: readonly Point[], point: Point): Point[] {
  const others = curve.filter((each) => each.customers !== point.customers);
  return [...others, point].sort((one, other) => one.customers - other.customers);
}

/**
 * The curve that a list lies on. Within a budget customers come by profit per cost, and a budget of nothing tells that
 * order to its end; where contacts alone are short they come by profit, and so does the curve of the list itself.
 */
export function curveOf(
  limits: Limits,
  { list, whole, byCost }: Record<"list" | "whole" | "byCost", Ranking>,
): Point[] {
  const short = limits.budget !== null && limits.budget < whole.chosen.cost;
  const own = limits.contacts !== null && !short;
  return withPoint(withPoint(own ? list.curve : byCost.curve, whole.chosen), list.chosen);
}

/** The last point of the curve that a budget pays for, and the way to the next one as far as it goes. */
export function boughtWith(curve: readonly Point[], budget: number): Point | undefined {
  const next = curve.findIndex((point) => point.cost > budget);
  const [before, after] = [curve[next < 0 ? curve.length - 1 : next - 1], curve[next]];
  if (!before || !after) return before;
  const part = (budget - before.cost) / (after.cost - before.cost);
  const between = (one: number, other: number) => one + part * (other - one);
  return {
    customers: Math.floor(between(before.customers, after.customers)),
    cost: budget,
    profit: between(before.profit, after.profit),
    profit_low: between(before.profit_low, after.profit_low),
    profit_high: between(before.profit_high, after.profit_high),
  };
}

/** The budget at a place of the slider or of the chart, in round numbers; null from the stopping point on. */
export function budgetAt(cost: number, most: number): number | null {
  return cost >= most ? null : Number(Math.max(0, cost).toPrecision(3));
}

export function placeOf(budget: number | null, most: number): number {
  return budget === null || budget >= most || most <= 0 ? STEPS : Math.round((budget / most) * STEPS);
}

/** How far the chart goes: past the stopping point, so that the fall is seen, but not so far that the rise is not. */
export function endOf(curve: readonly Point[], stop: Point): number {
  const last = curve.at(-1)?.cost ?? 0;
  const end = stop.cost > 0 ? Math.min(last, 3 * stop.cost) : last;
  if (end <= 0) return 1;
  const unit = 10 ** (Math.floor(Math.log10(end)) - 1);
  return Math.ceil(end / unit) * unit;
}
