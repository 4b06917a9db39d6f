import { describe, expect, it } from "vitest";
import { scaleOf } from "./timeline-scale";

const order = (ordered_at: string, amount: string) => ({
  order_id: ordered_at,
  ordered_at,
  amount,
  lines: 1,
  units: null,
  days_since_previous: null,
  undone_at: null,
});

describe("the timeline", () => {
  const orders = [order("2025-10-06T19:08:00", "400"), order("2025-01-01T08:00:00", "100")];

  it("runs from the first order to the end of the next one's window", () => {
    const scale = scaleOf(orders, "2025-10-31", { earliest: "2025-11-03", latest: "2025-11-25" });
    expect(scale.ticks[1]?.x).toBeCloseTo(0.02);
    expect(scale.window?.[1]).toBeCloseTo(0.98);
    expect(scale.now).toBeLessThan(scale.window?.[0] ?? 0);
  });

  it("draws four times the amount twice as high, and never nothing", () => {
    const [large, small] = scaleOf(orders, "2025-10-31", null).ticks;
    expect((large?.height ?? 0) / (small?.height ?? 1)).toBeCloseTo(2);
    expect(scaleOf([order("2025-01-01T08:00:00", "0")], "2025-02-01", null).ticks[0]?.height).toBeGreaterThan(0);
  });

  it("stands with a single order on the last known day", () => {
    expect(scaleOf([order("2025-10-30T08:00:00", "5")], "2025-10-30", null).now).toBeCloseTo(0.02);
  });

  it("names the years it crosses", () => {
    expect(scaleOf([order("2023-05-02T00:00:00", "1")], "2025-10-31", null).years.map((year) => year.name)).toEqual([
      "2024",
      "2025",
    ]);
  });
});
