import { afterEach, expect, test, vi } from "vitest";
import { inReadersFigures } from "./figures";

afterEach(() => vi.unstubAllGlobals());

const read = (language: string, sentence: string) => {
  vi.stubGlobal("navigator", { language });
  return inReadersFigures(sentence).replaceAll(/[\u00a0\u202f]/g, " ");
};

test("money reads the same whichever way it was written", () => {
  const sentence = "They return £1,450 at a cost of 460 GBP.";
  expect(read("en-GB", sentence)).toBe("They return £1,450 at a cost of £460.");
  expect(read("de-DE", sentence)).toBe("They return 1.450 £ at a cost of 460 £.");
});

test("counts have the reader's thousands", () => {
  expect(read("de-DE", "1,549 of 541,909 lines count; 12 do not.")).toBe("1.549 of 541.909 lines count; 12 do not.");
});

test.each([
  "Customer 17850: last order 3 days ago.",
  "As of 2011-12-10, a threshold of 0.35.",
  "Order A-1,200 and 12 CUS stay.",
])("what is no amount stays: %s", (sentence) => {
  expect(read("de-DE", sentence)).toBe(sentence);
});
