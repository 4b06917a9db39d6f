import { describe, expect, it } from "vitest";
import { readLimits, writeLimits } from "./asked";

describe("limits in the address", () => {
  it("are read as they are written", () => {
    for (const limits of [
      { budget: null, contacts: null },
      { budget: 0, contacts: 0 },
      { budget: 12.5, contacts: 300 },
    ])
      expect(readLimits(writeLimits(limits))).toEqual(limits);
  });

  it("are none where they are no numbers", () => {
    expect(readLimits(new URLSearchParams("budget=much&contacts=-3"))).toEqual({ budget: null, contacts: null });
    expect(readLimits(new URLSearchParams("budget=&contacts=7.9"))).toEqual({ budget: null, contacts: 7 });
  });
});
