import { describe, expect, it } from "vitest";
import { share } from "./amounts";

const plain = (text: string) => text.replace(/\s/g, " ");

describe("a share", () => {
  it.each([
    [0, "0 %"],
    [0.003, "under 1 %"],
    [0.41, "41 %"],
    [0.997, "over 99 %"],
    [1, "100 %"],
  ])("%s is %s: what is neither nothing nor everything never rounds to it", (value, words) => {
    expect(plain(share(value))).toBe(words);
  });
});
