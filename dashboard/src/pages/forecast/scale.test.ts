import { expect, test } from "vitest";
import { type ReliabilityBin, scaleOf } from "./scale";

const bin = (predicted: number, high: number) =>
  ({ predicted, observed: { value: predicted, low: 0, high }, customers: 100 }) as ReliabilityBin;

test("the axes end where the chances of the shop do", () => {
  expect(scaleOf([bin(0.003, 0.004), bin(0.014, 0.018)]).most).toBe(0.02);
  expect(scaleOf([bin(0.003, 0.004), bin(0.08, 0.12)]).most).toBe(0.2);
  expect(scaleOf([bin(0.1, 0.2), bin(0.92, 0.97)]).most).toBe(1);
});

test("without groups it is the whole range", () => {
  expect(scaleOf([]).most).toBe(1);
});
