"""What a browser says of how quickly it showed something: largest paint, shifts of the layout, answers to a hand.

Machines that build are busy, and then a clock says more about the others than about the page. So a piece of arithmetic
is timed in the same window, in slices too short to be interrupted: their mean over the quickest of them is how much
longer everything takes here at the moment, and figures are divided by it. On a quiet machine that is 1.0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Page

REPEATS = 5
"""Of each measurement; their median counts."""

OBSERVE = """
window.seen = { paint: 0, shift: 0, hand: 0, frame: 0 };
new PerformanceObserver((list) => { for (const each of list.getEntries()) seen.paint = each.startTime; })
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) seen.shift += each.value;
}).observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (each.interactionId) seen.hand = Math.max(seen.hand, each.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
let last = performance.now();
const watch = () => {
  const now = performance.now();
  seen.frame = Math.max(seen.frame, now - last);
  last = now;
  requestAnimationFrame(watch);
};
requestAnimationFrame(watch);
"""
"""Event timing counts from the moment of a click or a key to the next paint, in steps of 8 ms."""

CROWDING = """() => {
  const slices = [];
  for (let slice = 0; slice < 300; slice++) {
    const begun = performance.now();
    let sum = 0;
    for (let i = 0; i < 400_000; i++) sum = (sum * 31 + i) % 1_000_003;
    slices.push(performance.now() - begun + (sum < 0 ? 1 : 0));
  }
  slices.sort((one, other) => one - other);
  return slices.reduce((sum, each) => sum + each, 0) / slices.length / slices[15];
}"""
"""The quickest slices are those up to the 5th percentile, since the clock of a browser is coarse."""

SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))"


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of some measurements, in milliseconds of a machine of its own, and how crowded it was."""

    milliseconds: float
    crowding: float

    def __str__(self) -> str:
        return f"{self.milliseconds:.0f} ms (crowding {self.crowding:.1f})"


def paint(show: Callable[[], Page]) -> tuple[Measured, float]:
    """The largest paint of a page that is shown anew each time, and the most its layout shifted."""
    found, crowds, shifts = [], [], []
    for _ in range(REPEATS):
        page = show()
        page.evaluate(SETTLED)
        seen = page.evaluate("seen")
        crowds.append(page.evaluate(CROWDING))
        found.append(seen["paint"] / crowds[-1])
        shifts.append(seen["shift"])
    return Measured(median(found), median(crowds)), max(shifts)


def hand(page: Page, *acts: Callable[[], None]) -> Measured:
    """From what a hand does to the paint that follows; each of the acts is one measurement."""
    return _measured(page, "hand", acts)


def frames(page: Page, *acts: Callable[[], None]) -> Measured:
    """The longest time between two frames while something moves."""
    return _measured(page, "frame", acts)


def _measured(page: Page, name: str, acts: tuple[Callable[[], None], ...]) -> Measured:
    found, crowds = [], []
    for act in acts:
        page.evaluate(SETTLED)
        page.evaluate("() => { seen.hand = seen.frame = 0; }")
        act()
        page.evaluate(SETTLED)
        seen = page.evaluate("seen")
        crowds.append(page.evaluate(CROWDING))
        found.append(seen[name] / crowds[-1])
    return Measured(median(found), median(crowds))
