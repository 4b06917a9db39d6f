/** Risk bands: a colour of one hue and a shape, never colour alone. */
import { label } from "@/format/words";

export type Band = "low" | "medium" | "high" | "one_time" | "unknown";

export const BANDS: readonly Band[] = ["low", "medium", "high", "one_time", "unknown"];

export const BAND_COLOUR: Record<Band, string> = {
  low: "var(--risk-low)",
  medium: "var(--risk-medium)",
  high: "var(--risk-high)",
  one_time: "var(--mark-2)",
  unknown: "var(--mark-2)",
};

export function isBand(text: unknown): text is Band {
  return BANDS.some((band) => band === text);
}

/** A circle that is filled as far as the risk goes; a dash where there is no rhythm yet. */
export function RiskShape({ band }: { band: Band }) {
  const colour = BAND_COLOUR[band];
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
      {band === "one_time" || band === "unknown" ? (
        <path d="M1 5h8" stroke={colour} strokeWidth="2" strokeLinecap="round" />
      ) : (
        <>
          <circle cx="5" cy="5" r="4" fill={band === "high" ? colour : "none"} stroke={colour} strokeWidth="1.6" />
          {band === "medium" && <path d="M5 1a4 4 0 0 1 0 8Z" fill={colour} />}
        </>
      )}
    </svg>
  );
}

export function Risk({ band }: { band: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {isBand(band) && <RiskShape band={band} />}
      {label(band)}
    </span>
  );
}
