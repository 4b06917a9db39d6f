"""Who buys: customers of seven kinds, each drawn with its own rate, generosity, taste and place. This is the truth."""

from dataclasses import dataclass

import numpy as np

from holdfast.samples.arrays import Floats, Ints
from holdfast.samples.catalogue import CHRISTMAS
from holdfast.samples.season import Clock

NEVER = np.iinfo(np.int64).max
_SHORTEST_STAY, _SILENCE = 75, 40  # days a leaver stays at least, and is gone at least when the file ends
_RECENTLY = 0.6  # below 1: more of them left late
_FASTEST, _SLOWEST = 1 / 3, 2.5  # gaps of one kind differ, but a monthly customer is not a daily one


@dataclass(frozen=True, slots=True)
class Kind:
    """How customers of one kind behave.

    `gap` is the mean number of days between orders (in the time of their clock; NaN: there is only one order), grown by
    `growth` from order to order. Rates are gamma with shape `alike`, gaps gamma with shape `regular` (1 = at random).
    They arrive between two shares of the file's span (`early` > 1: most of them near the first); a share of them
    `leaves` on a known day.
    """

    name: str
    share: float
    gap: float
    lines: float
    arrives: tuple[float, float]
    early: float = 1.5
    alike: float = 6.0
    regular: float = 1.0
    growth: float = 1.0
    leaves: float = 0.0
    at_christmas: bool = False


KINDS = (
    Kind("regular", 0.13, 31, 3.4, (0.0, 0.86), alike=30, regular=7),
    Kind("seasonal", 0.22, 250, 6.0, (0.0, 0.62), regular=2, at_christmas=True),
    Kind("one_time", 0.376, np.nan, 2.4, (0.0, 1.0), early=1.0),
    Kind("fading", 0.08, 16, 3.5, (0.0, 0.5), alike=10, regular=4, growth=1.2),
    Kind("churned", 0.124, 33, 3.2, (0.0, 0.7), alike=10, regular=4, leaves=1.0),
    Kind("wholesale", 0.012, 26, 11.0, (0.0, 0.5), alike=10, regular=5, leaves=0.4),
    Kind("new", 0.058, 28, 3.2, (0.925, 1.0), early=1.0),
)
NAMES = tuple(kind.name for kind in KINDS)

_PLACES = (  # country, share, cities
    ("United Kingdom", 0.84, ("London", "Manchester", "Birmingham", "Leeds", "Bristol", "Glasgow", "Cardiff")),
    ("Ireland", 0.05, ("Dublin", "Cork", "Galway")),
    ("Germany", 0.04, ("Berlin", "Köln", "Düsseldorf")),
    ("France", 0.03, ("Paris", "Lyon", "Orléans")),
    ("Netherlands", 0.02, ("Amsterdam", "Utrecht")),
    ("Spain", 0.02, ("Madrid", "Málaga")),
)
CITIES = tuple((country, city) for country, _, cities in _PLACES for city in cities)
_CITY_SHARES = np.array([share / len(cities) for _, share, cities in _PLACES for _ in cities])
DOMESTIC = len(_PLACES[0][2])  # the first so many cities are at home: no extra postage


@dataclass(frozen=True, slots=True)
class People:
    """One entry a customer, in the order of `customer_id`. Days are counted from 1970-01-01."""

    customer_id: Ints
    kind: Ints
    gap: Floats
    generosity: Floats
    favourite: Ints
    city: Ints
    arrives_at: Floats
    leaves_on: Ints

    def of_kind(self, name: str) -> Ints:
        """Positions of the customers of one kind."""
        return np.flatnonzero(self.kind == NAMES.index(name))


@dataclass(frozen=True, slots=True)
class Period:
    """The days a shop's file covers, counted from 1970-01-01, both of them complete."""

    first_day: int
    last_day: int

    def at(self, share: float) -> Ints:
        """The day after a share of the period."""
        return np.array(self.first_day + round(share * (self.last_day - self.first_day)))


def draw_people(customers: int, period: Period, clocks: tuple[Clock, Clock], rng: np.random.Generator) -> People:
    """`customers` people; the kinds are mixed, so that an id says nothing about its kind."""
    kind = rng.permutation(np.repeat(np.arange(len(KINDS)), _numbers(customers)))
    rate = rng.gamma(_of(kind, "alike")) / _of(kind, "alike")
    arrives_at, arrived_on = _arrivals(kind, period, clocks, rng)
    stay = np.maximum(period.last_day - _SILENCE - arrived_on, _SHORTEST_STAY)
    leaves_on = (
        arrived_on + _SHORTEST_STAY + (rng.random(customers) ** _RECENTLY * (stay - _SHORTEST_STAY)).astype(np.int64)
    )
    is_leaver = rng.random(customers) < _of(kind, "leaves")
    return People(
        customer_id=12001 + np.arange(customers, dtype=np.int64),
        kind=kind,
        gap=_of(kind, "gap") * np.clip(1 / rate, _FASTEST, _SLOWEST),
        generosity=rng.lognormal(0.0, 0.5, customers),
        favourite=rng.integers(0, CHRISTMAS, customers),
        city=rng.choice(len(CITIES), customers, p=_CITY_SHARES / _CITY_SHARES.sum()),
        arrives_at=arrives_at,
        leaves_on=np.where(is_leaver, leaves_on, NEVER),
    )


def _arrivals(kind: Ints, period: Period, clocks: tuple[Clock, Clock], rng: np.random.Generator) -> tuple[Floats, Ints]:
    """When each customer first orders: in the time of its clock, and as a day."""
    time, day = np.zeros(len(kind)), np.zeros(len(kind), dtype=np.int64)
    for k, traits in enumerate(KINDS):
        clock, who = clocks[traits.at_christmas], np.flatnonzero(kind == k)
        since, until = (clock.time_of(period.at(share)) for share in traits.arrives)
        time[who] = since + (1 - rng.random(len(who))) ** traits.early * (until - since)
        day[who] = clock.day_at(time[who])
    return time, day


def _numbers(customers: int) -> list[int]:
    """How many of each kind: by share, at least two, the one-time buyers taking up the rounding."""
    numbers = [max(2, round(kind.share * customers)) for kind in KINDS]
    numbers[NAMES.index("one_time")] += customers - sum(numbers)
    return numbers


def _of(kind: Ints, trait: str) -> Floats:
    return np.array([getattr(k, trait) for k in KINDS], dtype=np.float64)[kind]
