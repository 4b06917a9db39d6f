import { expect, test } from "vitest";
import { added, changed, type Drafts, draftsOf, findingsOf, rulesOf } from "./rules";

const USUAL = [
  { kind: "frequency", segment: "1-4", from: 1, to: 4 },
  { kind: "frequency", segment: "5-13", from: 5, to: 13 },
  { kind: "recency", segment: "30-60", from: 30, to: 60 },
  { kind: "recency", segment: "180+", from: 181, to: null },
  { kind: "country", segment: "Peru", from: null, to: null },
];

function edited(at: number, ends: { from?: string; to?: string; segment?: string }): Drafts {
  const drafts = draftsOf(USUAL);
  return { ...drafts, ranges: drafts.ranges.map((each, nth) => (nth === at ? { ...each, ...ends } : each)) };
}

test("a table is read and written as it is", () => {
  expect(rulesOf(draftsOf(USUAL))).toEqual(USUAL);
});

test("gaps are allowed and said", () => {
  expect(findingsOf(draftsOf(USUAL))).toEqual({
    problems: [],
    gaps: [
      "Above 13 orders: no voucher.",
      "Below 30 days: no voucher.",
      "61 to 180 days: between 30-60 and 180+, no voucher.",
    ],
  });
});

test.each([
  [{ to: "5" }, "1-4 and 5-13 overlap: a customer with 5 orders would be in both."],
  [{ to: "9" }, "1-4 and 5-13 overlap: a customer with 5 to 9 orders would be in both."],
  [{ to: "" }, "1-4 and 5-13 overlap: a customer with 5 to 13 orders would be in both."],
  [{ to: "0" }, "1-4 holds nothing: it ends before it begins."],
  [{ from: "" }, '1-4: write a whole number under "from", such as 1.'],
  [{ from: "one" }, '1-4: write a whole number under "from", such as 1.'],
  [{ to: "4.5" }, '1-4: write a whole number under "to", or nothing for no end.'],
  [{ to: "99999999" }, '1-4: write a whole number under "to", or nothing for no end.'],
  [{ segment: "5-13" }, "Two ranges of orders so far are called 5-13."],
  [{ segment: " " }, "A range of orders so far has no name."],
])("%j is refused in words", (ends, problem) => {
  expect(findingsOf(edited(0, ends)).problems).toEqual([problem]);
});

test("two ranges without an end overlap for good", () => {
  const drafts = added(added(draftsOf(USUAL), "recency_segment"), "recency_segment");
  expect(findingsOf(drafts).problems).toContain(
    "180+ and 182+ overlap: a customer with 182 or more days would be in both.",
  );
});

test("a name follows the ends unless somebody gave one", () => {
  const [first] = draftsOf(USUAL).ranges;
  if (!first) throw new Error("no range");
  expect(changed(first, { to: "6" }).segment).toBe("1-6");
  expect(changed({ ...first, segment: "few" }, { to: "6" }).segment).toBe("few");
});

test("countries are written with commas", () => {
  const rules = rulesOf({ ranges: [], countries: "Peru, Chile," });
  expect(rules.map((each) => each.segment)).toEqual(["Peru", "Chile"]);
});

test("without any range there is nothing to go by", () => {
  expect(findingsOf({ ranges: [], countries: "" }).problems).toEqual(["There has to be at least one range."]);
});
