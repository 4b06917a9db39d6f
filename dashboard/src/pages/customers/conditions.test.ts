import { describe, expect, it } from "vitest";
import { inWords, listInWords, parse, write } from "./conditions";

describe("conditions", () => {
  it("are read as they are written", () => {
    for (const text of ["risk_band=high", "net_revenue>=100", "p_buy<0.5", "rfm_group!=At risk"]) {
      const condition = parse(text);
      expect(condition && write(condition)).toBe(text);
    }
    expect(parse("nothing")).toBeNull();
  });

  it("read as a sentence", () => {
    expect(inWords("risk_band=one_time")).toBe("risk is one order day");
    expect(inWords("p_buy<=0.25")).toBe("chance to order at most 25 %");
    expect(inWords("is_gone=false")).toBe("not left long ago");
    expect(inWords("is_gone!=false")).toBe("left long ago");
    expect(listInWords(1, [], "")).toBe("1 customer have ordered so far.".replace("have", "have"));
    expect(listInWords(764, ["revenue_at_risk>0", "risk_band=high"], "A")).toBe(
      "764 customers with revenue at risk, risk is high and an id that holds “A”.",
    );
  });
});
