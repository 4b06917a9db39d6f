"""How much the shop sells in the window as a whole: ranking customers and setting their level are two problems.

Trees trained on an earlier window inherit its season. So learners only rank, and the level comes from here: the total
the purchase models expect, moved by how far they were off at past folds. Where the same window was seen last year by
enough of today's shop, that fold decides, since it has the season; less so where last year has been no guide to this
year's recent folds. Otherwise recent folds, each as far as it saw today's shop, are averaged and shrunk towards "the
purchase models are right".
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from holdfast.forecast.arrays import Vector
from holdfast.forecast.folds import Fold
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.purchases import LEAST_CHANCE, Outlook
from holdfast.forecast.wording import percent

SEASON_HISTORY = 180
"""Days of orders before last year's window: a shop of 90 days then misled the level (ECE .18 against .07)."""

SEASON_SHARE = 0.25
SEASON_BUYERS = 100
"""Last year decides if it had this share of today's customers and this many buyers in its window."""

SILENT_SHARE, FULL_SHARE = 1 / 3, 2 / 3
"""A recent fold with fewer of today's customers says nothing of the level, with more it counts in full."""

PRIOR_WEIGHT = 0.25
"""How much "the purchase models are right" counts, in latest folds. Chosen over 27 past dates of four shops."""

LARGEST_MOVE = 1.0
"""No fold moves the level by more than a factor of e: beyond that the fit at the fold failed."""

GUIDE_WEIGHT = 0.1
"""How much "last year is a guide" counts, in squared moves: one fold that was off by 0.3 weighs as much."""

NOT_AT_ALL, ALL_THE_WAY = 0.005, 0.995
"""Shares that no sentence tells from 0 % and 100 %."""


class Source(StrEnum):
    """Where the level comes from."""

    LAST_YEAR = "the same season last year"
    RECENT = "recent past dates"
    PURCHASES = "the purchase models alone"


@dataclass(frozen=True, slots=True)
class FoldLevel:
    """How far the purchase models were off at a fold.

    `shift` is what had to be added to their log-odds to meet the number of buyers; `orders` and `spend` are log(actual
    total / expected total). `customers` had ordered before the fold; `last_year` marks the season of the forecast.
    """

    day: int
    window: int
    weight: float
    history_days: int
    customers: int
    buyers: int
    shift: float
    orders: float
    spend: float
    last_year: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How far last year's moves were followed, 0-1: of the number of buyers (`shift`), of order days, of spend."""

    shift: float = 1.0
    orders: float = 1.0
    spend: float = 1.0


@dataclass(frozen=True, slots=True)
class Level:
    """By how much to move the purchase models' totals, in the terms of FoldLevel, and on what evidence.

    Where last year decides, `followed` says how far, and `surprise` how far this year's recent folds were from what
    last year had made of them: the root mean square of log(actual / expected spend), 0 where nothing is known of it.
    """

    shift: float
    orders: float
    spend: float
    source: Source
    folds: tuple[FoldLevel, ...]
    surprise: float = 0.0
    followed: Followed = Followed()

    @property
    def last_year_counts_for_nothing(self) -> bool:
        """Whether last year was to decide, and has been no guide at all."""
        return self.source is Source.LAST_YEAR and max(astuple(self.followed)) < NOT_AT_ALL

    @property
    def words(self) -> str:
        """Where the level comes from, as a sentence goes on after "the level is that of"."""
        if self.last_year_counts_for_nothing:
            return f"{Source.PURCHASES}, since last year has been no guide"
        if self.source is not Source.LAST_YEAR or min(astuple(self.followed)) >= ALL_THE_WAY:
            return str(self.source)
        buyers, order_days, spend = map(percent, astuple(self.followed))
        return f"{self.source}, followed in part (buyers {buyers}, order days {order_days}, spend {spend})"

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The level that `as_json` stored; older ones did not say how far they had followed last year."""
        folds = tuple(FoldLevel(**fold) for fold in stored["folds"])
        followed = Followed(**stored.get("followed", {}))
        return cls(**{**stored, "source": Source(stored["source"]), "folds": folds, "followed": followed})


def measure(fold: Fold, *, history_days: int, outlook: Outlook, outcomes: Outcomes, last_year: bool) -> FoldLevel:
    """Compare what the purchase models expected at a fold with what happened."""
    return FoldLevel(
        day=fold.day,
        window=fold.window,
        weight=fold.weight,
        history_days=history_days,
        customers=len(outcomes),
        buyers=int(outcomes.bought.sum()),
        shift=shift_to(outlook.log_odds, _never_nobody(float(outcomes.bought.mean()), len(outcomes))),
        orders=_log_ratio(float(outcomes.orders.sum()), float(outlook.orders.sum())),
        spend=_log_ratio(float(outcomes.spend.sum()), float(outlook.spend.sum())),
        last_year=last_year,
    )


def forecast_level(
    folds: Sequence[FoldLevel], *, customers: int, years_before: Mapping[int, FoldLevel] | None = None
) -> Level:
    """The level of a forecast for a shop of `customers`, from what was measured at its folds.

    `years_before` has, by the day of a recent fold, what was measured one year before it; without any, last year is
    taken to be a guide.
    """
    recent = [fold for fold in folds if not fold.last_year]
    season = next((fold for fold in folds if fold.last_year and _speaks_for_the_season(fold, customers)), None)
    if season is None:
        of_recent = _of_recent(recent, customers)
        source = Source.RECENT if of_recent else Source.PURCHASES
        return Level(*(of_recent or _NOWHERE), source=source, folds=tuple(folds))
    pairs = _this_year_and_last(recent, years_before or {}, customers)
    followed = Followed(*(_how_good_a_guide(pairs, nth) for nth in range(3)))
    shift, orders, spend = (far * move for far, move in zip(astuple(followed), _moves(season), strict=True))
    return Level(shift, orders, spend, Source.LAST_YEAR, tuple(folds), _surprise(pairs, followed.spend), followed)


def shift_to(log_odds: Vector, mean: float) -> float:
    """What has to be added to the log-odds for their probabilities to have this mean, which is above 0 and below 1."""
    target = min(max(mean, LEAST_CHANCE), 1.0 - LEAST_CHANCE)
    reach = float(np.abs(log_odds).max()) + 50.0
    return float(brentq(lambda shift: float(expit(log_odds + shift).mean()) - target, -reach, reach, xtol=1e-10))


_NOWHERE = (0.0, 0.0, 0.0)


def _moves(fold: FoldLevel) -> tuple[float, float, float]:
    """Shift, orders and spend, limited."""
    shift, orders, spend = np.clip((fold.shift, fold.orders, fold.spend), -LARGEST_MOVE, LARGEST_MOVE)
    return float(shift), float(orders), float(spend)


def _of_recent(recent: Sequence[FoldLevel], customers: int) -> tuple[float, float, float] | None:
    """The moves of recent folds, averaged and shrunk; None where none of them saw enough of today's shop."""
    weights = np.array([fold.weight * _share_counted(fold, customers) for fold in recent])
    if weights.sum() == 0.0:
        return None
    shift, orders, spend = weights @ np.array([_moves(fold) for fold in recent]) / (weights.sum() + PRIOR_WEIGHT)
    return float(shift), float(orders), float(spend)


def _this_year_and_last(
    recent: Sequence[FoldLevel], years_before: Mapping[int, FoldLevel], customers: int
) -> list[tuple[FoldLevel, FoldLevel]]:
    """Recent folds with the same window of the year before, where that speaks for today's shop."""
    pairs = [(fold, years_before[fold.day]) for fold in recent if fold.day in years_before]
    return [(now, then) for now, then in pairs if _speaks_for_the_season(then, customers)]


def _how_good_a_guide(pairs: Sequence[tuple[FoldLevel, FoldLevel]], nth: int) -> float:
    """How far, 0-1, last year's moves of one kind (see _moves) were followed: their regression, shrunk towards 1."""
    agreement = size = GUIDE_WEIGHT
    for now, then in pairs:
        move_now, move_then = _moves(now)[nth], _moves(then)[nth]
        agreement += now.weight * move_then * move_now
        size += now.weight * move_then * move_then
    return min(max(agreement / size, 0.0), 1.0)


def _surprise(pairs: Sequence[tuple[FoldLevel, FoldLevel]], guide: float) -> float:
    if not pairs:
        return 0.0
    return float(np.sqrt(np.mean([(_moves(now)[2] - guide * _moves(then)[2]) ** 2 for now, then in pairs])))


def _speaks_for_the_season(fold: FoldLevel, customers: int) -> bool:
    return (
        fold.history_days >= SEASON_HISTORY
        and fold.customers >= SEASON_SHARE * customers
        and fold.buyers >= SEASON_BUYERS
    )


def _never_nobody(mean: float, customers: int) -> float:
    """A share of buyers as it would be with half a buyer more, or less, where nobody or everybody bought."""
    least = 0.5 / customers
    return min(max(mean, least), 1.0 - least)


def _share_counted(fold: FoldLevel, customers: int) -> float:
    share = fold.customers / customers
    return min(max((share - SILENT_SHARE) / (FULL_SHARE - SILENT_SHARE), 0.0), 1.0)


def _log_ratio(actual: float, expected: float) -> float:
    """log(actual / expected), limited; 0 where there is nothing to compare, as in a shop without amounts."""
    if expected <= 0.0:
        return 0.0
    return float(np.clip(np.log(max(actual, 1e-9) / expected), -LARGEST_MOVE, LARGEST_MOVE))
