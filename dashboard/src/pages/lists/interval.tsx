import type { ListResult } from "@/api/lists";
import { Term } from "@/ui/term";

type Difference = NonNullable<ListResult["buyers"]>;

/** A difference as a dot on its interval, with zero where it belongs, and what was expected as a ring. */
export function Interval({
  name,
  means,
  difference,
  shown,
  expected,
}: {
  name: string;
  means: string;
  difference: Difference;
  shown: (value: number) => string;
  expected?: number;
}) {
  const { low, estimate, high } = difference;
  const ends = [low, high, 0, ...(expected === undefined ? [] : [expected])];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const at = (value: number) => 4 + (92 * (value - from)) / (to - from || 1);
  return (
    <figure>
      <figcaption className="text-sm text-soft">
        <Term means={means}>{name}</Term>
      </figcaption>
      <p className="mt-0.5 text-[28px] tracking-[-0.02em] tabular-nums">
        {shown(estimate)}{" "}
        <span className="text-base tracking-normal text-soft">
          {shown(low)} to {shown(high)}
        </span>
      </p>
      <svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" className="mt-1 h-8 w-full">
        <line x1={at(0)} x2={at(0)} y1="0" y2="10" stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
        <line
          x1={at(low)}
          x2={at(high)}
          y1="5"
          y2="5"
          stroke="var(--accent)"
          strokeWidth="6"
          strokeOpacity="0.3"
          vectorEffect="non-scaling-stroke"
        />
        <line
          x1={at(estimate)}
          x2={at(estimate)}
          y1="2"
          y2="8"
          stroke="var(--accent)"
          strokeWidth="3"
          vectorEffect="non-scaling-stroke"
        />
        {expected !== undefined && (
          <line
            x1={at(expected)}
            x2={at(expected)}
            y1="2"
            y2="8"
            stroke="var(--soft)"
            strokeDasharray="2 2"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <p className="text-xs text-soft">
        The thin line is zero{expected === undefined ? "" : "; dashed is what was expected"}.
      </p>
    </figure>
  );
}
