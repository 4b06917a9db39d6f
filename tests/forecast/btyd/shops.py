"""Customers for the purchase models: drawn from the models themselves, and the published CDNOW sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.btyd import Summary, summarise

WEEK = 7.0
CALIBRATED_UNTIL = int(np.datetime64("1997-09-30").astype(int))
"""The last day of the 39 weeks of the papers."""


def customers(*rows: Sequence[float]) -> Summary:
    """Rows of (frequency, recency, T)."""
    x, t_x, known = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    return Summary(x, t_x, known, np.ones(len(x)))


def in_units(summary: Summary, unit: float) -> Summary:
    return Summary(summary.frequency, summary.recency / unit, summary.T / unit, summary.weight)


@dataclass(frozen=True, slots=True)
class Future:
    """Simulated customers at T, and the orders of each in the horizon after it."""

    known: Summary
    orders: Vector


def simulate(
    n: int,
    *,
    rate: tuple[float, float],
    until: float,
    horizon: float,
    seed: int,
    lifetime: tuple[float, float] | None = None,
    leaving: tuple[float, float] | None = None,
    first: bool = False,
) -> Future:
    """Customers followed event by event, straight from the story that the models tell.

    Orders come at rate ~ Gamma(rate). A customer leaves at a moment of its own (`lifetime`: rate ~ Gamma) or at an
    order, with a chance of its own (`leaving`: chance ~ Beta; at the first order too if `first`).
    """
    random = np.random.default_rng(seed)
    pace = random.gamma(rate[0], 1 / rate[1], n)
    age = random.uniform(0.2 * until, until, n)
    end = np.full(n, np.inf)
    if lifetime is not None:
        end = random.exponential(1 / np.maximum(random.gamma(lifetime[0], 1 / lifetime[1], n), 1e-300))
    chance = np.zeros(n) if leaving is None else random.beta(*leaving, n)
    gone = (random.random(n) < chance) if first else np.zeros(n, dtype=np.bool_)

    clock, x, t_x, orders = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    while True:
        clock = clock + random.exponential(1 / np.maximum(pace, 1e-300))
        orders_now = ~gone & (clock < end) & (clock <= age + horizon)
        if not orders_now.any():
            return Future(Summary(x, t_x, age, np.ones(n)), orders)
        seen = orders_now & (clock <= age)
        x, t_x, orders = x + seen, np.where(seen, clock, t_x), orders + (orders_now & ~seen)
        gone |= ~orders_now | (random.random(n) < chance)


@dataclass(frozen=True, slots=True)
class Purchases:
    """The CDNOW sample by customer and day (purchases of a day are one), days since 1970-01-01."""

    customer: Integers
    day: Integers
    dollars: Vector

    def calibration(self) -> Summary:
        """The 39 weeks of the papers, in days: T ends with, not after, the last day."""
        known = summarise(self.customer, self.day, customers=2357, as_of=CALIBRATED_UNTIL + 1)
        return Summary(known.frequency, known.recency, known.T - 1, known.weight)


def cdnow_sample(data: Path) -> Purchases:
    rows = (
        pl.read_parquet(data / "cdnow" / "cdnow_sample.parquet")
        .group_by("customer_index", "date")
        .agg(pl.col("dollar_value").sum())
        .sort("customer_index", "date")
    )
    return Purchases(
        customer=rows["customer_index"].cast(pl.Int64).to_numpy() - 1,
        day=rows["date"].to_physical().cast(pl.Int64).to_numpy(),
        dollars=rows["dollar_value"].to_numpy(),
    )
