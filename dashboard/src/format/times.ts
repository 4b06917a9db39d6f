/** Days and moments. Days of the shop have no time zone; moments of the server are shown in the reader's. */

const locale = (): string => (typeof navigator === "undefined" ? "en-GB" : navigator.language);
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
const MS_A_DAY = 86_400_000;

const asUtc = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00Z`);

/** A day of the shop, `30 Oct 2025`, never broken into lines. */
export function day(text: string | null | undefined): string {
  return text ? new Intl.DateTimeFormat(locale(), DAY).format(asUtc(text)).replaceAll(" ", "\u00a0") : "–";
}

/** The last day that is known: `as_of` itself is not. */
export function lastKnownDay(asOf: string): string {
  return day(new Date(asUtc(asOf).getTime() - MS_A_DAY).toISOString());
}

export function daysBetween(earlier: string, later: string): number {
  return Math.round((asUtc(later).getTime() - asUtc(earlier).getTime()) / MS_A_DAY);
}

/** A moment of the server in the reader's time. */
export function moment(text: string | null | undefined): string {
  if (!text) return "–";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

/** How long ago, in the largest unit that fits: `2 hours ago`. */
export function ago(text: string, now: number = Date.now()): string {
  const seconds = (new Date(text).getTime() - now) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / length), unit);
}

/** A duration that is still to come: `about 40 seconds`, `about 2 minutes`. */
export function left(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(5, Math.round(seconds / 5) * 5)} seconds`;
  return `about ${Math.round(seconds / 60)} minutes`;
}
