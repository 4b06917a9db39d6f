"""Charts of the evaluation page, written as SVG by hand: readable on light and on dark, and without colour.

A chart is panels side by side. Each panel maps its own data range to a square of pixels; lines differ by dashes and
points by shape, colour only helps. Everything shown is also in a table of the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from quality_scores import OTHER_BLENDS, peers
from quality_tasks import TASKS

SIDE, LEFT, TOP, GAP = 150, 46, 46, 56
"""A panel's side, the room left of it and above it, and between panels, in pixels."""

COLUMNS = 4
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #374151 } .head { font-weight: 600 } .small { font-size: 10.5px }
.axis { stroke: #9ca3af; fill: none } .guide { stroke: #9ca3af; stroke-dasharray: 2 3; fill: none }
.ours { stroke: #1d4ed8; fill: none; stroke-width: 2 } .dot { fill: #1d4ed8 } .whisker { stroke: #1d4ed8 }
.rule { stroke: #b45309; fill: none; stroke-width: 1.6; stroke-dasharray: 6 3 }
.best { stroke: #6b7280; fill: none; stroke-width: 1.4; stroke-dasharray: 1 3 }
.peer { stroke: #6b7280; fill: none } .ring { stroke: #b45309; fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #d1d5db } .ours, .whisker { stroke: #7dabff } .dot { fill: #7dabff }
  .rule, .ring { stroke: #f5b042 } .best, .peer { stroke: #9ca3af }
}"""


@dataclass(frozen=True, slots=True)
class Panel:
    """A square of pixels from (x, y) on, showing data from (0, 0) to (right, top)."""

    x: float
    y: float
    right: float
    top: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        return self.x + SIDE * x / self.right, self.y + SIDE * (1.0 - y / self.top)

    def line(self, points: Iterable[tuple[float, float]], css: str) -> str:
        """A line through points."""
        pixels = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*point) for point in points))
        return f'<polyline class="{css}" points="{pixels}"/>'

    def frame(self, title: str, across: str, up: str) -> str:
        """Axes with their ends named, and a title."""
        low, high = self.y + SIDE, self.x + SIDE
        return "".join(
            (
                f'<path class="axis" d="M{self.x} {self.y}V{low}H{high}"/>',
                text(self.x, self.y - 10, title, css="head"),
                text(self.x - 5, low, "0", css="small", anchor="end"),
                text(self.x - 5, self.y + 8, up, css="small", anchor="end"),
                text(high, low + 14, across, css="small", anchor="end"),
            )
        )


def text(x: float, y: float, words: str, *, css: str = "", anchor: str = "start") -> str:
    """Words at a pixel."""
    named = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{named} text-anchor="{anchor}">{escape(words)}</text>'


def picture(title: str, width: float, height: float, marks: Sequence[str]) -> str:
    """A whole SVG file; `title` is what a screen reader says."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join((head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *marks, "</svg>", ""))


# --- the charts ------------------------------------------------------------------------------------------------------


def reliability(results: Mapping[str, Any]) -> str:
    """What was forecast, and what came, for tenths of the customers."""
    marks: list[str] = []
    names = [name for name in TASKS if name in results]
    for nth, name in enumerate(names):
        bins = results[name]["reliability"]
        most = _round_up(max(max(one["predicted"], one["observed"]["high"]) for one in bins))
        panel = _panel(nth, right=most, top=most)
        marks += [panel.frame(name, f"forecast {most:.0%}", f"{most:.0%}"), panel.line(((0, 0), (most, most)), "guide")]
        for one in bins:
            x, low = panel.at(one["predicted"], one["observed"]["low"])
            _, high = panel.at(0, one["observed"]["high"])
            _, middle = panel.at(0, one["observed"]["value"])
            marks.append(f'<path class="whisker" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
            marks.append(f'<circle class="dot" cx="{x:.1f}" cy="{middle:.1f}" r="3"/>')
    return picture("Forecast chance to order against the share that ordered, by tenths", *_size(len(names)), marks)


def gain(results: Mapping[str, Any]) -> str:
    """The share of spend that the first part of each list holds."""
    marks: list[str] = []
    names = [name for name in TASKS if name in results]
    for nth, name in enumerate(names):
        panel = _panel(nth, right=1.0, top=1.0)
        marks += [panel.frame(name, "customers 100 %", "100 %"), panel.line(((0, 0), (1, 1)), "guide")]
        for css, method in (("best", "perfect order"), ("rule", "recency rule"), ("ours", "this forecast")):
            held = results[name]["gain"][method]
            marks.append(panel.line(((nth / len(held), one) for nth, one in enumerate([0.0, *held])), css))
    width, height = _size(len(names))
    key = (("ours", "this forecast"), ("rule", "recency rule"), ("best", "perfect order"), ("guide", "random order"))
    for nth, (css, words) in enumerate(key):
        x = LEFT + 150 * nth
        marks.append(f'<path class="{css}" d="M{x} {height}h28"/>{text(x + 34, height + 4, words)}')
    return picture("Share of the spend to come held by the first part of the list", width, height + 16, marks)


def totals(results: Mapping[str, Any]) -> str:
    """P10 to P90 of each task's total spend, as a share of what came."""
    rows = [(name, results[name]["totals"]["spend"]) for name in TASKS if name in results]
    left, width, step, most = 90, 470, 26, 2.0
    marks = []
    for share in (0.0, 0.5, 1.0, 1.5, 2.0):
        x = left + width * share / most
        css = "axis" if share == 1.0 else "guide"
        marks.append(f'<path class="{css}" d="M{x:.1f} 24v{step * len(rows)}"/>')
        marks.append(text(x, 16, "what came" if share == 1.0 else f"{share:.0%}", css="small", anchor="middle"))
    for nth, (name, total) in enumerate(rows):
        y = 24 + step * (nth + 0.5)
        low, middle, high = (
            left + width * min(total[key] / total["actual"] / most, 1.0) for key in ("p10", "expected", "p90")
        )
        marks.append(text(left - 12, y + 4, name, anchor="end"))
        marks.append(
            f'<path class="ours" d="M{low:.1f} {y - 5:g}v10M{low:.1f} {y:g}H{high:.1f}M{high:.1f} {y - 5:g}v10"/>'
        )
        marks.append(f'<circle class="dot" cx="{middle:.1f}" cy="{y:g}" r="4"/>')
    return picture("Expected total spend with its 80 % interval, against what came", 620, 34 + step * len(rows), marks)


def cost(found: Mapping[str, Any]) -> str:
    """What errors cost, by the share of customers who get the incentive."""
    points = [
        (one["flagged"] / found["customers"], one["wasted"] + one["lost"], one["wasted"]) for one in found["curve"]
    ]
    top = max(total for _, total, _ in points) * 1.05
    panel = Panel(110, 30, 1.0, top)
    best = found["best"]
    x, y = panel.at(best["flagged"] / found["customers"], best["wasted"] + best["lost"])
    marks = [
        panel.frame("Cost of errors", "given to 100 %", f"{top:,.0f}"),
        panel.line(((share, total) for share, total, _ in points), "ours"),
        panel.line(((share, wasted) for share, _, wasted in points), "rule"),
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        text(290, 70, "all errors; the dot is the cheapest threshold"),
        '<path class="ours" d="M270 66h14"/>',
        text(290, 92, "of these, incentives wasted on those who stay"),
        '<path class="rule" d="M270 88h14"/>',
    ]
    return picture("Cost of errors by the share of customers who get an incentive", 560, 206, marks)


def auc(results: Mapping[str, Any]) -> str:
    """AUC of every method on every task."""
    names = [name for name in TASKS if name in results]
    left, width, step, low, high = 90, 470, 30, 0.55, 0.85
    marks = []
    for tick in (0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85):
        x = left + width * (tick - low) / (high - low)
        marks.append(f'<path class="guide" d="M{x:.1f} 24v{step * len(names)}"/>')
        marks.append(text(x, 16, f"{tick:.2f}", css="small", anchor="middle"))

    def place(value: float) -> float:
        return left + width * (min(max(value, low), high) - low) / (high - low)

    for nth, name in enumerate(names):
        y = 24 + step * (nth + 0.5)
        marks.append(text(left - 12, y + 4, name, anchor="end"))
        for method, row in peers(name).items():
            x, value = place(row["auc"] or 0.0), row["auc"]
            if method in OTHER_BLENDS:
                marks.append(
                    f'<circle class="ring" cx="{x:.1f}" cy="{y:g}" r="6"><title>{value} {method}</title></circle>'
                )
            else:
                marks.append(
                    f'<path class="peer" d="M{x:.1f} {y - 6:g}v12"><title>{value} {escape(method)}</title></path>'
                )
        marks.append(f'<circle class="dot" cx="{place(results[name]["auc"]):.1f}" cy="{y:g}" r="4"/>')
    y = 44 + step * len(names)
    marks.append(f'<circle class="dot" cx="{left}" cy="{y - 4}" r="4"/>{text(left + 10, y, "this forecast")}')
    marks.append(f'<path class="peer" d="M{left + 130} {y - 10}v12"/>{text(left + 138, y, "a peer")}')
    marks.append(
        f'<circle class="ring" cx="{left + 210}" cy="{y - 4}" r="6"/>{text(left + 222, y, "blend measured before")}'
    )
    return picture("AUC of this forecast and of its peers on every task", 620, y + 12, marks)


def write(folder: Path, results: Mapping[str, Any]) -> list[str]:
    """Write every chart there are results for; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, str] = {}
    if "table" in results:
        found["auc"] = auc(results["table"])
    if "checks" in results:
        checked = results["checks"]
        found |= {"reliability": reliability(checked), "gain": gain(checked), "totals": totals(checked)}
    for of_task in results.get("costs", {}).values():
        found["cost"] = cost(of_task)
    for name, svg in found.items():
        (folder / f"evaluation-{name}.svg").write_text(svg, encoding="utf-8")
    return list(found)


def _panel(nth: int, *, right: float, top: float) -> Panel:
    return Panel(LEFT + (nth % COLUMNS) * (SIDE + GAP), TOP + (nth // COLUMNS) * (SIDE + GAP), right, top)


def _size(panels: int) -> tuple[float, float]:
    rows = -(-panels // COLUMNS)
    return LEFT + COLUMNS * (SIDE + GAP), TOP + rows * (SIDE + GAP)


def _round_up(value: float) -> float:
    """To the next of a few round shares."""
    return next((most for most in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if value <= most), 1.0)
