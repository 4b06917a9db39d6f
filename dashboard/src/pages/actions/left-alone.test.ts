import { describe, expect, it } from "vitest";
import type { Ranking } from "@/api/actions";
import { leftAlone } from "./left-alone";

const ranking = (chosen: number, suited: number) =>
  ({
    customers: 100,
    without_consent: 20,
    on_other_lists: 3,
    chosen: { customers: chosen },
    curve: [{ customers: 0 }, { customers: suited }],
  }) as Ranking;

describe("who is left alone", () => {
  it("adds up to everybody, together with the list", () => {
    const reasons = leftAlone(ranking(15, 70), ranking(60, 70));
    expect(reasons.map(({ customers }) => customers)).toEqual([20, 3, 10, 7, 45]);
    expect(15 + reasons.reduce((sum, { customers }) => sum + customers, 0)).toBe(100);
  });

  it("leaves out reasons that hold for nobody", () => {
    const reasons = leftAlone(ranking(70, 70), ranking(70, 70));
    expect(reasons.map(({ why }) => why)).toEqual(["No consent", "On another list", "No play suits them"]);
  });
});
