import { describe, expect, it } from "vitest";
import { conditionsOf, EMPTY, ruleOf } from "./rule";

describe("a rule", () => {
  it("says nothing while nothing is filled in", () => {
    expect(ruleOf(EMPTY)).toBeNull();
    expect(conditionsOf(EMPTY)).toEqual([]);
  });

  it("has only the ends that were given, zero included", () => {
    const draft = { ...EMPTY, orders: ["5", "13"] as const, days: ["", "0"] as const };
    expect(ruleOf(draft)?.where).toEqual({ order_count: { min: 5, max: 13 }, days_since_last_order: { max: 0 } });
    expect(conditionsOf(draft)).toEqual(["order_count>=5", "order_count<=13", "days_since_last_order<=0"]);
  });

  it("is a list of customers only with one band", () => {
    expect(conditionsOf({ ...EMPTY, bands: ["high"] })).toEqual(["risk_band=high"]);
    expect(conditionsOf({ ...EMPTY, bands: ["high", "medium"] })).toBeNull();
    expect(ruleOf({ ...EMPTY, bands: ["high", "medium"] })?.where).toEqual({ risk_band: ["high", "medium"] });
  });
});
