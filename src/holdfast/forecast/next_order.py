"""When a customer is expected next: a window of days, and how often such windows held in the past.

The time to the next order, given that there is one within a year, has the distribution P(order within d days) / P(order
within a year): the purchase models' chance, each moved on the log-odds scale by what the forecast knows beyond them, so
that the chance within the horizon is that of the forecast. The window reaches from its lower to its upper quartile.

Whether windows hold is measured at past dates, with the purchase models as they were then. Where they hold far from
half, the width that would have held half at older dates is used instead, if it also comes nearer to half at the later
ones. Moving a window earlier or later was tried and did harm: what older dates call too early is their season.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from holdfast.errors import InputError
from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.btyd import ParetoNBD, Summary, pareto_nbd
from holdfast.forecast.folds import YEAR
from holdfast.forecast.labels import NEVER, OrderDays
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.purchases import LEAST_CHANCE
from holdfast.forecast.measures.reliability import Share, share
from holdfast.forecast.model import Forecasts, Model
from holdfast.forecast.past import Past, Snapshot
from holdfast.forecast.wording import counted, percent

QUARTILES = (0.25, 0.75)
WITHIN = QUARTILES[1] - QUARTILES[0]
"""The share of next orders that a window is to hold."""

GRID = (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120, 150, 180, 220, 260, 310, YEAR)
"""Days at which chances are computed; between them they are interpolated."""

ENOUGH = 50
"""A share of 50 is known to about 14 points (binomial, 95 %)."""

FAR_OFF = 0.05
"""Windows that hold half of the next orders up to five points are left as they are."""

CHECKS = 4
"""Past dates looked at, a horizon apart: the older half to learn from, the later half to judge."""


@dataclass(frozen=True, slots=True, eq=False)
class NextOrder:
    """One value per customer: days after as_of (0 is as_of itself) between which the next order is expected.

    The window holds it with a chance of one half, given that there is an order within a year; `p_within_year` is the
    chance that there is.
    """

    earliest: Integers
    latest: Integers
    p_within_year: Vector

    def __len__(self) -> int:
        return len(self.earliest)


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often the next order fell into its window at the later past dates, among those who did order.

    `held` is measured with the `levels` that are to be used, `plain` with the quartiles; the two are the same unless
    older dates taught another width. `dates` are the days judged. With fewer than ENOUGH next orders seen nothing can
    be told, as `can_tell` and `sentence` say.
    """

    levels: tuple[float, float]
    held: Share
    plain: Share
    dates: tuple[int, ...]
    sentence: str

    @property
    def can_tell(self) -> bool:
        """Whether enough next orders have been seen."""
        return self.held.whole >= ENOUGH

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, lists and texts."""
        return asdict(self)


def next_order(
    model: Model, snapshot: Snapshot, forecasts: Forecasts, *, levels: tuple[float, float] = QUARTILES
) -> NextOrder:
    """The window of each customer of a snapshot, given its `forecasts` by `model`.

    `levels` are the quantiles it lies between, as `hit_rate` says. Raises InputError where the forecasts are about
    other customers.
    """
    if not np.array_equal(forecasts.keys, snapshot.keys):
        raise InputError(
            "Windows need one forecast for each customer.",
            seen=f"{len(snapshot)} customers, {len(forecasts)} forecasts.",
            todo="Compute both from the same snapshot.",
        )
    expected = purchases.look(model.purchases, snapshot, horizon=model.horizon)
    beyond = logit(np.clip(forecasts.p_buy, LEAST_CHANCE, 1.0 - LEAST_CHANCE)) - expected.log_odds
    chances = _chances(model.purchases.orders, snapshot.summary, beyond, within=YEAR)
    earliest, latest = _window(chances, levels, within=YEAR)
    return NextOrder(earliest, latest, chances[:, -1])


def hit_rate(past: Past, *, as_of: int, model: Model) -> HitRate:
    """Whether windows held at past dates, as known at the start of day `as_of`.

    At a date, those who did order between it and as_of are looked at, at most a year on, and windows are made for an
    order within that time: later orders are not known yet, and leaving them out without this would favour early ones.
    """
    first_day, orders = past.first_day(as_of), past.without_features()
    days = [as_of - nth * model.horizon for nth in range(1, CHECKS + 1)]
    checked = [_check(orders, day, as_of=as_of, model=model) for day in days if day - first_day >= model.horizon]
    later, older = checked[: CHECKS // 2], checked[CHECKS // 2 :]
    plain = _share_held(later, QUARTILES)
    learned = _learned(np.concatenate([np.zeros(0), *(each.place for each in older)]))
    relearned = _share_held(later, learned)
    levels, held = (learned, relearned) if _is_better(relearned, plain) else (QUARTILES, plain)
    dates = tuple(each.day for each in later)
    return HitRate(levels, held, plain, dates, _sentence(levels, held, plain, len(dates)))


# --- distribution of the time to the next order ----------------------------------------------------------------------


def _chances(model: ParetoNBD, summary: Summary, beyond: Vector, *, within: int) -> Matrix:
    """P(order within d days) at each day of the grid up to `within`, shape (n, days), each moved by `beyond`."""
    columns = [pareto_nbd.p_order(model, summary, horizon=day) for day in _grid(within)]
    chances = np.clip(np.column_stack(columns), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    moved: Matrix = expit(logit(chances) + beyond[:, None])
    return np.maximum.accumulate(moved, axis=1)


def _grid(within: int) -> tuple[int, ...]:
    return (*(day for day in GRID if day < within), within)


def _window(chances: Matrix, levels: tuple[float, float], *, within: int) -> tuple[Integers, Integers]:
    """The first and last day of each window, in days after the date; day k is within d days for k below d."""
    low, high = (_quantile(chances, level, within=within) for level in levels)
    earliest = np.rint(low).astype(np.int64)
    latest = np.maximum(np.rint(high).astype(np.int64) - 1, earliest)
    return np.minimum(earliest, within - 1), np.minimum(latest, within - 1)


def _quantile(chances: Matrix, level: float, *, within: int) -> Vector:
    """The day by which a share `level` of the chance within the last day of the grid is reached, interpolated."""
    days = np.array([0, *_grid(within)], dtype=np.float64)
    rising = np.column_stack([np.zeros(len(chances)), chances])
    target = level * rising[:, -1]
    above = np.clip((rising < target[:, None]).sum(axis=1), 1, len(days) - 1)
    rows = np.arange(len(rising))
    low, high = rising[rows, above - 1], rising[rows, above]
    part = np.divide(target - low, high - low, out=np.ones(len(rising)), where=high > low)
    found: Vector = days[above - 1] + np.clip(part, 0.0, 1.0) * (days[above] - days[above - 1])
    return found


# --- past dates ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Checked:
    """A past date: of those who ordered after it the days until then, their chances, and the place of the order.

    `place` is the share of the chance that lies before the middle of the day of the order: uniform on 0 to 1 if the
    distribution is right (the probability integral transform).
    """

    day: int
    within: int
    waited: Integers
    chances: Matrix
    place: Vector


def _check(past: Past, day: int, *, as_of: int, model: Model) -> _Checked:
    then, within = past.at(day), min(as_of - day, YEAR)
    fitted = purchases.fit(then, seed=model.seed, start=model.purchases).orders
    waited = _days_until_next(past.order_days_at(as_of), then.keys, day)
    ordered = (waited >= 0) & (waited < within)
    some, waited = then.summary.rows(ordered), waited[ordered]
    chances = _chances(fitted, some, np.zeros(len(some)), within=within)
    return _Checked(day, within, waited, chances, _place(chances, waited, within=within))


def _days_until_next(history: OrderDays, keys: Integers, day: int) -> Integers:
    """Days from `day` to the first order on or after it of each customer; NEVER where none is known."""
    after = history.day >= day
    customer, when = history.customer[after], history.day[after]
    found = np.full(max(history.customers, int(keys.max(initial=0)) + 1), NEVER, dtype=np.int64)
    found[customer[::-1]] = when[::-1] - day  # rows are sorted by day: the first one is written last
    return found[keys]


def _place(chances: Matrix, waited: Integers, *, within: int) -> Vector:
    days = np.array([0, *_grid(within)], dtype=np.float64)
    middle = waited + 0.5
    above = np.searchsorted(days, middle, side="right")
    rows = np.arange(len(chances))
    rising = np.column_stack([np.zeros(len(chances)), chances])
    part = (middle - days[above - 1]) / (days[above] - days[above - 1])
    reached = rising[rows, above - 1] + part * (rising[rows, above] - rising[rows, above - 1])
    found: Vector = reached / rising[:, -1]
    return found


def _learned(place: Vector) -> tuple[float, float]:
    """The quantiles, as far below as above the median, between which half of the places lie; quartiles if too few."""
    if len(place) < ENOUGH:
        return QUARTILES
    reach = float(np.median(np.abs(place - 0.5)))
    return 0.5 - reach, 0.5 + reach


def _is_better(learned: Share, plain: Share) -> bool:
    """Whether quartiles hold far from half of the later orders, and what older dates taught comes nearer."""
    if learned.value is None or plain.value is None or plain.whole < ENOUGH:
        return False
    return abs(plain.value - WITHIN) > max(FAR_OFF, abs(learned.value - WITHIN))


def _share_held(checked: Sequence[_Checked], levels: tuple[float, float]) -> Share:
    held, whole = 0, 0
    for each in checked:
        earliest, latest = _window(each.chances, levels, within=each.within)
        held += int(np.count_nonzero((each.waited >= earliest) & (each.waited <= latest)))
        whole += len(each.waited)
    return share(held, whole)


def _sentence(levels: tuple[float, float], held: Share, plain: Share, dates: int) -> str:
    if held.value is None or plain.value is None or held.whole < ENOUGH:
        seen = f"{held.whole} next orders seen, at least {ENOUGH} are needed"
        return f"Cannot tell how often windows of the next order hold: {seen}."
    fell = f"{percent(held.value)} of {held.whole:,} next orders fell into the window forecast for them"
    measured = f"On {counted(dates, 'past date')} {fell}; half should"
    if levels == QUARTILES:
        return f"{measured}."
    kind = "wider" if levels[0] < QUARTILES[0] else "narrower"
    return f"{measured}. Windows were made {kind} by what older dates taught; before, {percent(plain.value)} did."
