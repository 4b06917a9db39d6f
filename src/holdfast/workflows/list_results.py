"""What came of an action list, in figures and in a sentence that says no more than they do."""

from dataclasses import dataclass
from datetime import date

from holdfast.actions.effect import Arms, Effect
from holdfast.actions.experience import Experience
from holdfast.experiments.compare import Difference
from holdfast.forecast.wording import counted, money

FEWEST_BUYERS = 10
"""In both arms together; with fewer, an interval from means and variances is not worth its name."""


@dataclass(frozen=True, slots=True)
class Window:
    """Orders count on days from `starts` to before `ends`, and are known before `known_until`; horizon in days."""

    starts: date
    ends: date
    known_until: date
    horizon: int

    @property
    def days(self) -> int:
        """How many days of it are known."""
        return max((min(self.ends, self.known_until) - self.starts).days, 0)

    @property
    def is_over(self) -> bool:
        """Whether all that will ever count is known."""
        return self.known_until >= self.ends

    @property
    def is_whole(self) -> bool:
        """Whether it is over and was not cut short: only then does it teach the playbook."""
        return self.is_over and self.days >= self.horizon


@dataclass(frozen=True, slots=True)
class Arm:
    """Customers of an arm, how many of them ordered within the window, and the net revenue they brought."""

    customers: int
    buyers: int
    revenue: float

    @property
    def share(self) -> float:
        """Of its customers, how many ordered."""
        return self.buyers / self.customers if self.customers else 0.0


@dataclass(frozen=True, slots=True)
class PlayResult:
    """A play on this list: its arms, what the playbook believes of it, and what it would believe with this list."""

    name: str
    arms: Arms
    believed: Effect
    after: Effect


@dataclass(frozen=True, slots=True)
class ListResult:
    """What came of a list. Differences are treated less left alone; None where nothing can be compared.

    `buyers` is in percentage points, `revenue` in the shop's currency per customer. `margin` is the added margin of all
    who were treated, `profit` that less what treating them was planned to cost. `experience` is what the list teaches:
    nothing before its window is over.
    """

    window: Window
    measurable: bool
    treated: Arm
    holdout: Arm
    buyers: Difference | None
    revenue: Difference | None
    margin: Difference | None
    profit: Difference | None
    cost: float
    expected_profit: float
    plays: tuple[PlayResult, ...]
    experience: tuple[Experience, ...]
    currency: str | None

    @property
    def sentence(self) -> str:
        """The answer."""
        if not self.measurable:
            return "Nobody was left alone: what this list did cannot be told."
        if not self.window.days:
            return self._nothing_yet()
        if self.buyers is None:
            buyers = counted(self.treated.buyers + self.holdout.buyers, "customer")
            return f"{self._so_far}{buyers} of the list ordered: too few to compare."
        return f"{self._so_far}{self._shares} {self._verdict(self.buyers)}"

    def _nothing_yet(self) -> str:
        window = self.window
        if window.ends <= window.starts:
            return "It was closed on the day it began: what it did cannot be told."
        return f"Nothing is known yet: orders count from {window.starts}, the data end before {window.known_until}."

    @property
    def _so_far(self) -> str:
        window = self.window
        if window.is_whole:
            return ""
        cut = "Closed early, after" if window.is_over else "So far, after"
        return f"{cut} {window.days} of {window.horizon} days: "

    @property
    def _shares(self) -> str:
        treated, alone = self.treated, self.holdout
        return (
            f"{100 * treated.share:.1f} % of {treated.customers:,} treated customers ordered, and "
            f"{100 * alone.share:.1f} % of {alone.customers:,} left alone."
        )

    def _verdict(self, buyers: Difference) -> str:
        between = f"{buyers.estimate:+.1f} points (95 %: {buyers.low:+.1f} to {buyers.high:+.1f})"
        if not buyers.tells:
            return f"Cannot tell whether treating them did anything: {between}."
        did = "brought more buyers" if buyers.estimate > 0 else "cost buyers"
        return f"Treating them {did}: {between}.{self._money}"

    @property
    def _money(self) -> str:
        profit = self.profit
        if profit is None:
            return ""
        low, high = (money(each, self.currency) for each in (profit.low, profit.high))
        if not profit.tells:
            return f" Whether it paid cannot be told: {low} to {high} of profit."
        verb = "earned" if profit.estimate > 0 else "lost"
        return f" It {verb} {money(abs(profit.estimate), self.currency)} ({low} to {high})."
