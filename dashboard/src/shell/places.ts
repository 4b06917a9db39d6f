import type { IconName } from "@/ui/icon";

export interface Place {
  readonly name: string;
  readonly href: string;
  readonly icon: IconName;
  /** The question that the page answers. */
  readonly question: string;
}

export const PLACES: readonly Place[] = [
  { name: "Home", href: "/", icon: "home", question: "What is at risk, and what to do today?" },
  { name: "Customers", href: "/customers", icon: "customers", question: "Who are they?" },
  { name: "Segments", href: "/segments", icon: "segments", question: "Which groups are there, and how big?" },
  { name: "Actions", href: "/actions", icon: "actions", question: "Whom to treat with what, within budget?" },
  { name: "Forecast", href: "/forecast", icon: "forecast", question: "Can I trust it?" },
  { name: "Vouchers", href: "/vouchers", icon: "vouchers", question: "Which amount for whom, and does it pay?" },
  { name: "Products", href: "/products", icon: "products", question: "What do they buy, and what goes with it?" },
  { name: "Data", href: "/data", icon: "data", question: "Is it right and fresh?" },
  { name: "Models", href: "/models", icon: "models", question: "Which model is in use, and what is running?" },
  { name: "Settings", href: "/settings", icon: "settings", question: "Who may do what?" },
];

export function isHere(place: Place, path: string): boolean {
  return place.href === "/" ? path === "/" || path.startsWith("/start") : path.startsWith(place.href);
}
