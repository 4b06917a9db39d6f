import { describe, expect, it } from "vitest";
import type { Point, Ranking } from "@/api/actions";
import { boughtWith, budgetAt, curveOf, endOf, placeOf, STEPS, withPoint } from "./curve";

const point = (customers: number, cost: number, profit: number): Point => ({
  customers,
  cost,
  profit,
  profit_low: -profit,
  profit_high: 3 * profit,
});
const CURVE = [point(0, 0, 0), point(10, 5, 40), point(20, 20, 50), point(30, 90, 20)];
const ranking = (curve: Point[], chosen: Point) => ({ curve, chosen }) as Ranking;

describe("the profit curve", () => {
  it("has the end of the list among its points, once", () => {
    expect(withPoint(CURVE, point(14, 11, 45)).map((each) => each.customers)).toEqual([0, 10, 14, 20, 30]);
    expect(withPoint(CURVE, point(20, 20, 50))).toHaveLength(4);
  });

  it("is that of the budget, or of the contacts where they alone are short", () => {
    const byProfit = [point(0, 0, 0), point(10, 12, 42), point(30, 90, 20)];
    const whole = ranking(byProfit, point(20, 20, 50));
    const byCost = ranking(CURVE, point(0, 0, 0));
    const list = ranking(byProfit, point(7, 9, 30));
    const costs = (budget: number | null, contacts: number | null) =>
      curveOf({ budget, contacts }, { list, whole, byCost }).map((each) => each.cost);
    expect(costs(null, null)).toContain(5);
    expect(costs(8, null)).toContain(5);
    expect(costs(8, 7)).toContain(5);
    expect(costs(null, 7)).not.toContain(5);
    expect(costs(100, 7)).not.toContain(5);
    expect(costs(null, 7)).toContain(20);
  });

  it("says what a budget buys, in between and beyond its end", () => {
    expect(boughtWith(CURVE, 5)).toMatchObject({ customers: 10, profit: 40 });
    expect(boughtWith(CURVE, 12.5)).toMatchObject({ customers: 15, cost: 12.5, profit: 45, profit_low: -45 });
    expect(boughtWith(CURVE, 1000)).toMatchObject({ customers: 30, profit: 20 });
    expect(boughtWith([], 5)).toBeUndefined();
  });

  it("is shown past its stop, but not to the end of a long fall", () => {
    expect(endOf(CURVE, point(20, 20, 50))).toBe(60);
    expect(endOf(CURVE, point(30, 80, 20))).toBe(90);
    expect(endOf(CURVE, point(0, 0, 0))).toBe(90);
    expect(endOf([point(0, 0, 0)], point(0, 0, 0))).toBe(1);
  });
});

describe("the slider", () => {
  it("takes every limit away from the stop on", () => {
    expect(budgetAt(119.4, 119.4)).toBeNull();
    expect(budgetAt(59.6938, 119.4)).toBe(59.7);
    expect(budgetAt(-3, 119.4)).toBe(0);
    expect(placeOf(null, 119.4)).toBe(STEPS);
    expect(placeOf(0, 119.4)).toBe(0);
    expect(placeOf(59.7, 119.4)).toBe(STEPS / 2);
    expect(placeOf(5, 0)).toBe(STEPS);
  });
});
