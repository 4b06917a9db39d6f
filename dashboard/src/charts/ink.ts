/** The tokens as colours that a canvas understands, in the theme of the moment. */
import { useMemo } from "react";
import { useTheme } from "@/shell/theme";

const NAMES = [
  "ink",
  "soft",
  "line",
  "line-strong",
  "surface",
  "sunken",
  "accent",
  "risk-low",
  "risk-medium",
  "risk-high",
  "mark-2",
  "good",
  "bad",
] as const;

export type Ink = Record<(typeof NAMES)[number], string>;

/** Okabe-Ito, for categories; without its black and yellow, which are lost on one of the two grounds. */
export const CATEGORIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"];

/** A colour of any notation as `rgb(...)`: the chart library does not know oklch. */
function asRgb(colour: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

export function useInk(): Ink {
  const theme = useTheme();
  return useMemo(() => {
    void theme; // another theme, other values of the same names
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(NAMES.map((name) => [name, asRgb(style.getPropertyValue(`--${name}`).trim())])) as Ink;
  }, [theme]);
}
