import type { components } from "@/api/schema";

export type Backtest = components["schemas"]["Backtest"];
export type ReliabilityBin = components["schemas"]["ReliabilityBin"];

interface Scale {
  /** The end of both axes. */
  readonly most: number;
  /** A chance in per cent that occurs, for the question above the chart. */
  readonly example: number;
  /** Decimals of a percentage. */
  readonly digits: number;
}

const SCALES: readonly Scale[] = [
  { most: 0.02, example: 1, digits: 1 },
  { most: 0.05, example: 2, digits: 0 },
  { most: 0.1, example: 5, digits: 0 },
  { most: 0.2, example: 10, digits: 0 },
  { most: 0.5, example: 20, digits: 0 },
];
const ALL: Scale = { most: 1, example: 30, digits: 0 };

/** As far as the chances of a shop go: where hardly anybody comes back, all of them would lie in one corner. */
export function scaleOf(bins: readonly ReliabilityBin[]): Scale {
  if (!bins.length) return ALL;
  const highest = Math.max(...bins.flatMap((bin) => [bin.predicted, bin.observed.high ?? bin.observed.value ?? 0]));
  return SCALES.find((scale) => highest <= scale.most) ?? ALL;
}
