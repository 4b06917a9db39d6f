/** A frame drawn with the mouse over a chart, in its units. The points beneath are not touched, however many they are. */
import type { EChartsType } from "echarts/core";

export interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

type Spot = readonly [number, number];

const GRID_OF = { xAxisIndex: 0, yAxisIndex: 0 };

/** Pixels below which a hand meant to click. */
const LEAST = 4;

/** Hear of every frame that is drawn, and of null where one is clicked away; returns how to stop. */
export function framing(chart: EChartsType, onFrame: (frame: Frame | null) => void): () => void {
  const zr = chart.getZr();
  const colour = getComputedStyle(chart.getDom()).getPropertyValue("--accent").trim();
  let from: Spot | null = null;
  let stopped = false;
  let show: (one: Spot, other: Spot) => void = () => undefined;
  void import("./engine").then(({ Rect }) => {
    if (stopped) return;
    const rect = new Rect({
      shape: { x: 0, y: 0, width: 0, height: 0 },
      style: { fill: "rgba(120,160,170,0.15)", stroke: colour, lineWidth: 1 },
      silent: true,
      zlevel: 1, // a canvas above the points
    });
    zr.add(rect);
    show = ([x0, y0], [x1, y1]) =>
      rect.setShape({ x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) });
  });
  const begin = ({ offsetX: x, offsetY: y }: Pointed) => {
    if (chart.containPixel({ gridIndex: 0 }, [x, y])) from = [x, y];
  };
  const grow = ({ offsetX: x, offsetY: y }: Pointed) => {
    if (from) show(from, [x, y]);
  };
  const end = ({ offsetX: x, offsetY: y }: Pointed) => {
    if (!from) return;
    const clicked = Math.hypot(x - from[0], y - from[1]) < LEAST;
    if (clicked) show([0, 0], [0, 0]);
    onFrame(clicked ? null : between(chart, from, [x, y]));
    from = null;
  };
  zr.on("mousedown", begin);
  zr.on("mousemove", grow);
  zr.on("mouseup", end);
  return () => {
    stopped = true;
    zr.off("mousedown", begin);
    zr.off("mousemove", grow);
    zr.off("mouseup", end);
  };
}

interface Pointed {
  readonly offsetX: number;
  readonly offsetY: number;
}

function between(chart: EChartsType, one: Spot, other: Spot): Frame {
  const [x0 = 0, y0 = 0] = chart.convertFromPixel(GRID_OF, [...one]) as number[];
  const [x1 = 0, y1 = 0] = chart.convertFromPixel(GRID_OF, [...other]) as number[];
  return { x: [Math.min(x0, x1), Math.max(x0, x1)], y: [Math.min(y0, y1), Math.max(y0, y1)] };
}
