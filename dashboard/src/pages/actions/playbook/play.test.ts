import { describe, expect, it } from "vitest";
import { draftOf, freeName, type Play, paired, playOf } from "./play";

const PLAY: Play = {
  name: "Voucher",
  where: { risk_band: ["medium", "high"] },
  what: "Send a voucher of 15 %.",
  why: "Last order {days_since_last_order} days ago.",
  timing: "This week.",
  message: ["They are missed.", "Valid for 30 days."],
  offer: { discount: 0.15, contact_cost: 0.02, redeemed: 0.8 },
  effect: { points: 4, give_or_take: 4 },
};

describe("a play that is edited", () => {
  it("comes back as it was, unless something was changed", () => {
    expect(playOf(draftOf(PLAY))).toEqual(PLAY);
    const measured = { ...PLAY, effect: { ...PLAY.effect, evidence: "measured in a sample" } };
    expect(playOf(draftOf(measured))).toEqual(measured);
  });

  it("shows shares as percent without rounding errors", () => {
    expect(draftOf({ ...PLAY, offer: { discount: 0.07, redeemed: 0.29 } })).toMatchObject({
      discount: "7",
      redeemed: "29",
      contact_cost: "",
    });
    expect(playOf({ ...draftOf(PLAY), discount: "7" })).toMatchObject({ offer: { discount: 0.07 } });
  });

  it("leaves out what is empty, so that the API says what is missing", () => {
    const { effect, offer } = playOf({ ...draftOf(PLAY), points: "", discount: "" }) as Play;
    expect(effect).toEqual({ give_or_take: 4 });
    expect(offer).toEqual({ contact_cost: 0.02, redeemed: 0.8 });
  });

  it("says which condition cannot be read", () => {
    expect(playOf({ ...draftOf(PLAY), where: "risk_band high" })).toMatchObject({
      title: expect.stringContaining("Line 1"),
    });
  });
});

describe("two playbooks", () => {
  it("stand side by side, those that are gone last", () => {
    const [one, two, three] = [{ name: "one" }, { name: "two" }, { name: "three" }];
    expect(paired([one, two], [two, three]).map(({ name, before, after }) => [name, !!before, !!after])).toEqual([
      ["two", true, true],
      ["three", false, true],
      ["one", true, false],
    ]);
  });

  it("give a new play a name of its own", () => {
    expect(freeName(["New play", "New play 2"], "New play")).toBe("New play 3");
    expect(freeName([], "New play")).toBe("New play");
  });
});
