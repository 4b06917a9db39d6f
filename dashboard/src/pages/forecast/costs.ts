/** The cost curve as something to move along. */
import type { components } from "@/api/schema";

type CostPoint = components["schemas"]["CostPoint"];

export interface Cost extends CostPoint {
  readonly threshold: number;
  readonly cost: number;
}

/** Points by rising threshold with their sum; flagging nobody is a threshold above every customer. */
export function costsOf(curve: readonly CostPoint[]): Cost[] {
  return curve
    .map((point) => ({ ...point, threshold: point.threshold ?? 1, cost: point.wasted + point.lost }))
    .sort((one, other) => one.threshold - other.threshold);
}

export function nearest(points: readonly Cost[], threshold: number): Cost | undefined {
  return points.reduce<Cost | undefined>(
    (best, point) =>
      !best || Math.abs(point.threshold - threshold) < Math.abs(best.threshold - threshold) ? point : best,
    undefined,
  );
}
