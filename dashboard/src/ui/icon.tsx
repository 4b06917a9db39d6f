/** The few icons there are, drawn on one grid; each stands beside a word or has a name of its own. */

const PATHS = {
  home: "M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1Z",
  customers:
    "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5 7a5 5 0 0 1 10 0M13 4.3a3 3 0 0 1 0 5.4M15 12.3a5 5 0 0 1 2.5 4.7",
  segments: "M3.5 3.5h5.5v5.5H3.5Zm7.5 0h5.5v5.5H11ZM3.5 11h5.5v5.5H3.5Zm7.5 0h5.5v5.5H11Z",
  actions: "M3 6.5 4.5 8 7 5M3 13.5 4.5 15 7 12M10 6.5h7M10 13.5h7",
  products: "M3.5 6.5 10 3l6.5 3.500v7L10 17l-6.500-3.500Zm3-1.600 6.800 3.600v3",
  forecast: "M3 15.5 8 10l3 3 6-7m0 0h-4m4 0v4",
  vouchers: "M3 5.5h14v3a1.500 1.500 0 0 0 0 3v3H3v-3a1.500 1.500 0 0 0 0-3Zm9 0v1.500m0 2.200v1.600m0 2.200v1.500",
  data: "M10 7.5c3.6 0 6.5-1 6.5-2.3S13.600 3 10 3 3.500 4 3.500 5.200 6.400 7.500 10 7.500Zm-6.500-2.300V15c0 1.200 2.900 2.200 6.500 2.200s6.500-1 6.500-2.200V5.200M3.500 10.200c0 1.200 2.900 2.200 6.500 2.200s6.500-1 6.500-2.200",
  models: "m10 3 6.5 3.700v6.600L10 17l-6.500-3.700V6.700Zm0 7 6.500-3.300M10 10v7m0-7L3.500 6.700",
  settings:
    "M4 6h7m4 0h1M4 14h1m4 0h7M13 8.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400ZM7 16.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Z",
  person: "M10 10.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3.500 17a6.500 6.500 0 0 1 13 0",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11Zm4-1.500 4 4",
  close: "m5 5 10 10M15 5 5 15",
  down: "m6 8 4 4 4-4",
  up: "m6 12 4-4 4 4",
  right: "m8 6 4 4-4 4",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  file: "M5.500 3h6l3.500 3.500V17h-9.500ZM11 3v4h4",
  plus: "M10 4.500v11M4.500 10h11",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  check: "m4.500 10.500 3.500 3.500 7.500-8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true" className="shrink-0">
      <path
        d={PATHS[name]}
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.5 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
