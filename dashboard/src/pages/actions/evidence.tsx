/** How well an effect is known: a word and a shape, never colour alone. */

const FILLED: Record<string, "all" | "half" | "none"> = {
  "measured here": "all",
  "measured in a sample": "half",
  "rule of thumb": "none",
};

export const EVIDENCE_MEANS =
  "Rule of thumb: believed, never measured in this shop. Measured in a sample: elsewhere or once. Measured here: against customers of this shop who were left alone at random.";

export function Evidence({ evidence }: { evidence: string }) {
  const filled = FILLED[evidence] ?? "none";
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-soft">
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
        <rect
          x="1"
          y="1"
          width="8"
          height="8"
          rx="1.5"
          fill={filled === "all" ? "var(--accent)" : "none"}
          stroke="var(--accent)"
          strokeWidth="1.5"
          strokeDasharray={filled === "none" ? "2 1.6" : undefined}
        />
        {filled === "half" && <path d="M1.5 8.5 8.5 1.500V8.500Z" fill="var(--accent)" />}
      </svg>
      {evidence}
    </span>
  );
}
