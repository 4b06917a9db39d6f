"""When each customer orders: a renewal process in the time of the customer's clock, until the customer leaves."""

from dataclasses import dataclass

import numpy as np

from holdfast.samples.arrays import Flags, Floats, Ints
from holdfast.samples.people import KINDS, Kind, People
from holdfast.samples.season import Clock

GUEST = -1


@dataclass(frozen=True, slots=True)
class Visits:
    """One entry an order, sorted by time: who (position among the people, or GUEST), which day, which minute of it."""

    person: Ints
    day: Ints
    minute: Ints

    def where(self, keep: Flags) -> "Visits":
        """The visits that are kept."""
        return Visits(self.person[keep], self.day[keep], self.minute[keep])


def draw_visits(people: People, clocks: tuple[Clock, Clock], rng: np.random.Generator) -> Visits:
    """All orders of all customers as long as the clocks run."""
    parts = [
        _renewals(np.flatnonzero(people.kind == k), traits, people, clocks[traits.at_christmas], rng)
        for k, traits in enumerate(KINDS)
    ]
    person, day = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _sorted(person, day, _minutes(len(day), rng))


def draw_guests(orders: int, until: int, clock: Clock, rng: np.random.Generator) -> Visits:
    """Orders of people who left no account, up to the day `until`."""
    until_time = clock.time_of(np.array(until + 1))
    day = clock.day_at((1 - rng.random(orders)) * until_time)
    return _sorted(np.full(orders, GUEST), day, _minutes(orders, rng))


def join(one: Visits, other: Visits) -> Visits:
    """Both, sorted by time."""
    return _sorted(
        np.concatenate((one.person, other.person)),
        np.concatenate((one.day, other.day)),
        np.concatenate((one.minute, other.minute)),
    )


def _renewals(who: Ints, traits: Kind, people: People, clock: Clock, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(person, day) of every order of the customers of one kind: the first on arrival, the others a gap apart."""
    times = people.arrives_at[who, np.newaxis]
    if not np.isnan(traits.gap):
        times = np.hstack((times, times + np.cumsum(_gaps(people.gap[who], traits, clock, rng), axis=1)))
    days = clock.day_at(times.ravel())
    person = np.repeat(who, times.shape[1])
    happens = (days < people.leaves_on[person]) & (days < clock.first_day + len(clock.elapsed))
    return person[happens], days[happens]


def _gaps(mean: Floats, traits: Kind, clock: Clock, rng: np.random.Generator) -> Floats:
    """A row of gaps a customer, more than enough to outlast the clock."""
    most = 10 + int(1.5 * clock.elapsed[-1] / mean.min())
    scatter = rng.gamma(traits.regular, 1 / traits.regular, (len(mean), most))
    growth = np.minimum(traits.growth ** np.arange(most), 50.0)  # by then the customer has faded out
    gaps: Floats = mean[:, np.newaxis] * scatter * growth
    return gaps


def _minutes(orders: int, rng: np.random.Generator) -> Ints:
    """Minute of the day: most people shop around lunch, some in the evening."""
    hours = np.where(rng.random(orders) < 0.7, rng.normal(12.5, 2.5, orders), rng.normal(19.5, 1.3, orders))
    return (np.clip(hours, 6.5, 23.0) * 60).astype(np.int64)


def _sorted(person: Ints, day: Ints, minute: Ints) -> Visits:
    order = np.lexsort((person, minute, day))
    return Visits(person[order], day[order], minute[order])
