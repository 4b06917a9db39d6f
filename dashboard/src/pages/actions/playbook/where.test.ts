import { describe, expect, it } from "vitest";
import { isUnreadable, readWhere, type Where, whereInWords, writeWhere } from "./where";

const WHERE: Where = {
  risk_band: ["medium", "high"],
  order_count: { min: 3 },
  days_overdue: { min: -10, max: 20.5 },
  rfm_group: ["At risk", "Previously loyal"],
  is_gone: false,
  country: "United Kingdom",
};

describe("conditions of a play", () => {
  it("are read as they are written", () => {
    expect(writeWhere(WHERE).split("\n")[0]).toBe("risk_band: [medium, high]");
    expect(readWhere(writeWhere(WHERE))).toEqual(WHERE);
  });

  it("keep texts that look like something else", () => {
    const odd: Where = { first: "12", second: ["a, b", "true", "x"], third: "with: colon", fourth: "" };
    expect(readWhere(writeWhere(odd))).toEqual(odd);
  });

  it("leave out empty lines and remarks", () => {
    expect(readWhere("\n# all of them\norder_count: {min: 1} # at least one\n\n")).toEqual({ order_count: { min: 1 } });
  });

  it.each([
    ["order_count", "Line 1"],
    ["risk_band: high\norder_count: {least: 3}", "Line 2"],
    ["order_count: {min: three}", "Line 1"],
    ["risk_band: [", "Line 1"],
    ["risk_band: high\nrisk_band: low", "Line 2"],
  ])("say which line cannot be read: %s", (text, line) => {
    const found = readWhere(text);
    expect(isUnreadable(found) && found.title).toContain(line);
    expect(isUnreadable(found) && found.todo).toBeTruthy();
  });

  it("read as a sentence", () => {
    expect(whereInWords({ risk_band: ["medium", "high"], order_count: { min: 3 } })).toBe(
      "risk is medium or high and orders at least 3",
    );
    expect(whereInWords({ days_since_last_order: { max: 1200 }, rfm_group: "Loyal" })).toBe(
      "days since last order at most 1,200 and RFM group is Loyal",
    );
    expect(whereInWords({ is_gone: false, net_revenue: { min: 5, max: 10 } })).toBe(
      "not left long ago and net revenue from 5 to 10",
    );
  });
});
