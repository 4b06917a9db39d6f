import { describe, expect, it } from "vitest";
import { costsOf, nearest } from "./costs";

const CURVE = [
  { threshold: null, flagged: 0, wasted: 0, lost: 90 },
  { threshold: 0.4, flagged: 20, wasted: 10, lost: 30 },
  { threshold: 0.1, flagged: 100, wasted: 80, lost: 5 },
];

describe("the cost curve", () => {
  it("rises in its threshold, and flags nobody at its end", () => {
    expect(costsOf(CURVE).map((point) => [point.threshold, point.cost])).toEqual([
      [0.1, 85],
      [0.4, 40],
      [1, 90],
    ]);
  });

  it("answers for any place of the slider", () => {
    expect(nearest(costsOf(CURVE), 0.33)?.flagged).toBe(20);
    expect(nearest(costsOf(CURVE), 0.95)?.flagged).toBe(0);
    expect(nearest([], 0.5)).toBeUndefined();
  });
});
