import { describe, expect, it } from "vitest";
import type { components } from "@/api/schema";
import { isAskedInItsRow, isDoubtful, orderTables, samplesOf, settingFor } from "./fields";

type Doubt = components["schemas"]["Doubt"];
type InspectedTable = components["schemas"]["InspectedTable"];
type Inspection = components["schemas"]["Inspection"];

const proposed = (field: string, column: string) => ({
  field,
  column,
  confidence: 0.5,
  used: false,
  reason: "",
  alternatives: [],
});

const table = (content: InspectedTable["content"], mapping: InspectedTable["mapping"]): InspectedTable => ({
  file: "orders.csv",
  table: "orders",
  content,
  rows: 10,
  format: {},
  preset: null,
  grain: null,
  columns: [{ name: "x7", looks_like: "numbers", distinct: 3, empty: 0, samples: ["5,50", "6,50"] }],
  mapping,
  notes: [],
});

const doubt = (field: string, columns: string[], choices: string[]): Doubt => ({
  field,
  columns,
  choices,
  question: "?",
  todo: "",
});

const inspected = (tables: InspectedTable[], doubts: Doubt[]): Inspection => ({
  tables,
  doubts,
  mapping: {},
  notes: [],
  preset: null,
  currency: null,
  date_order: null,
  time_zone: "UTC",
  grain: null,
});

describe("what is asked about a file", () => {
  it("colours the column that is proposed for the value, or every way to one where none is", () => {
    const open = [doubt("amount", ["x7"], ["x7"])];
    const one = [table("lines", [proposed("amount", "x7")])];
    expect(
      ["amount", "quantity", "order_total"].filter((field) => isDoubtful(inspected(one, open), one, field)),
    ).toEqual(["amount"]);
    const none = [table("lines", [])];
    expect(isDoubtful(inspected(none, open), none, "quantity")).toBe(true);
    expect(isDoubtful(inspected(none, open), none, "customer_id")).toBe(false);
  });

  it("asks above the table only what no row can say", () => {
    const tables = [table("lines", [proposed("amount", "x7"), proposed("ordered_at", "day")])];
    expect(isAskedInItsRow(doubt("amount", ["x7"], ["x7"]), tables)).toBe(true);
    expect(isAskedInItsRow(doubt("ordered_at", ["day"], ["dmy", "mdy"]), tables)).toBe(false);
    expect(isAskedInItsRow(doubt("customer_id", [], []), tables)).toBe(false);
  });

  it("knows which setting decides how a column is written", () => {
    expect(settingFor(["dmy", "mdy"])).toBe("date_order");
    expect(settingFor([".", ","])).toBe("decimal");
    expect(settingFor(["x7", "wer"])).toBeNull();
  });

  it("looks at tables of order lines first, and shows their samples", () => {
    const lines = table("lines", []);
    expect(orderTables(inspected([table("customers", []), lines], []))).toEqual([lines]);
    expect(samplesOf([lines], "x7")).toEqual(["5,50", "6,50"]);
    expect(samplesOf([lines], null)).toEqual([]);
  });
});
