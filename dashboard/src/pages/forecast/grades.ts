/** What the grades of a backtest mean for somebody who wants to use the forecast. */
export const GRADES: Record<string, string> = {
  better: "Better than the recency rule",
  "as good": "As good as the recency rule",
  worse: "Use the recency rule instead",
  "cannot tell": "It cannot be told yet",
};
