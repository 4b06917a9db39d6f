"""Shops that no forecast was made for: no NaN, nothing negative, no crash, and a sentence for what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from holdfast.forecast import ForecastConfig, Forecasts, Model, State, fit, model_file, predict
from holdfast.forecast.labels import OrderDays, before
from tests.forecast.histories import history
from tests.forecast.shop import past_of

AS_OF = 20_000
Row = tuple[int, int, float]


def forecast(shop: OrderDays, *, horizon: int = 90) -> tuple[Model, Forecasts]:
    """Train and forecast at AS_OF, and check what has to hold of every forecast."""
    past = past_of(shop)
    model = fit(past, as_of=AS_OF, config=ForecastConfig(horizon=horizon))
    model_file.write(model, {})  # refuses NaN
    found = predict(model, past.at(AS_OF))
    assert found.keys.tolist() == np.unique(before(shop, AS_OF).customer).tolist()
    for column in (found.p_buy, found.e_orders, found.e_spend, found.spend_p10, found.spend_p90, found.p_alive):
        assert column.shape == found.keys.shape
        assert np.isfinite(column).all()
        assert np.all(column >= 0)
    assert np.all(found.p_buy <= 1)
    assert np.all(found.p_alive <= 1)
    assert np.all(found.e_orders >= found.p_buy)
    assert np.all(found.e_orders <= horizon + 1), "an order day a day at most, but for the last digit"
    assert np.all(found.spend_p10 <= found.spend_p90)
    return model, found


def back(days: int) -> int:
    """The day that lies so many days before as_of."""
    return AS_OF - days


def rows_of(rows: Iterable[Row]) -> OrderDays:
    unique = {(who, day): spend for who, day, spend in rows}
    listed = [(who, day, spend) for (who, day), spend in unique.items()]
    return history(*listed, customers=1 + max(who for who, _, _ in listed))


@dataclass(frozen=True)
class Bad:
    """A shop, and words of the sentences that its readiness has to say."""

    name: str
    rows: list[Row]
    missing: tuple[str, ...]
    horizon: int = 90
    state: State = State.NOT_YET


def shops() -> list[Bad]:
    """Every kind of shop at fault, by name."""
    many = range(120)
    return [
        Bad("two rows", [(0, back(40), 5.0), (1, back(9), 7.0)], ("2 customers", "horizon", "season unknown")),
        Bad("one customer", [(0, back(d), 9.5) for d in range(1, 400, 13)], ("1 customer", "ordered on a second day")),
        Bad("one order yesterday", [(0, back(1), 9.5)], ("1 customer", "shorter than the horizon (1 of 90 days)")),
        Bad("all one-time", [(who, back(1 + 5 * who), 10.0 + who) for who in many], ("0 of 120 customers",)),
        Bad(
            "all zero amounts",
            [(who, back(3 + who + 31 * nth), 0.0) for who in many for nth in range(5)],
            ("No amounts: expected spend cannot be told",),
            state=State.DEGRADED,
        ),
        Bad(
            "constant gaps",
            [(who, back(7 + who % 30 + 30 * nth), 20.0) for who in many for nth in range(14)],
            (),
            state=State.DEGRADED,
        ),
        Bad(
            "constant gaps, constant amounts, everybody on the same day",
            [(who, back(5 + 30 * nth), 20.0) for who in many for nth in range(14)],
            (),
            state=State.DEGRADED,
        ),
        Bad("all bought on one day", [(who, back(200), 3.0 + who) for who in many], ("0 of 120 customers",)),
        Bad("all bought yesterday", [(who, back(1), 3.0) for who in many], ("shorter than the horizon",)),
        Bad(
            "fifty years",
            [(who, back(1 + 150 * who + 400 * nth), 12.0) for who in many for nth in range(1 + who % 4)],
            ("repeat buyers",),
            state=State.DEGRADED,
        ),
        Bad(
            "every day for two years",
            [(who, back(day), 1.0) for who in range(40) for day in range(1, 700)],
            ("40 repeat buyers",),
            state=State.DEGRADED,
        ),
        Bad(
            "horizon longer than history",
            [(who, back(3 + who % 40 + 20 * nth), 9.0) for who in many for nth in range(3)],
            ("shorter than the horizon",),
            horizon=365,
        ),
        Bad(
            "everybody returned more than was bought",
            [(who, back(3 + who + 40 * nth), -5.0) for who in many for nth in range(6)],
            ("No amounts",),
            state=State.DEGRADED,
        ),
        Bad(
            "half of the days are negative",
            [(who, back(3 + who + 40 * nth), (-1.0) ** nth * 8) for who in many for nth in range(6)],
            (),
            state=State.DEGRADED,
        ),
        Bad(
            "one giant among dwarfs",
            [(who, back(3 + who + 30 * nth), 1e9 if who == 7 else 0.01) for who in many for nth in range(8)],
            (),
            state=State.DEGRADED,
        ),
        Bad(
            "nobody came back for three years",
            [(who, back(1100 + who + 30 * nth), 6.0) for who in many for nth in range(5)],
            (),
            state=State.READY,
        ),
    ]


@pytest.mark.parametrize("bad", shops(), ids=lambda bad: bad.name)
def test_a_shop_at_fault_is_forecast_and_told_what_is_missing(bad: Bad) -> None:
    model, found = forecast(rows_of(bad.rows), horizon=bad.horizon)
    said = " ".join(model.readiness.missing)
    assert [words for words in bad.missing if words not in said] == [], said
    assert model.readiness.state is bad.state
    assert len(found) == len({who for who, _, _ in bad.rows})


def test_without_amounts_nothing_is_expected_to_be_spent() -> None:
    _, found = forecast(rows_of([(who, back(3 + who + 31 * nth), 0.0) for who in range(120) for nth in range(5)]))
    assert not found.e_spend.any()
    assert not found.spend_p90.any()
    assert found.e_orders.sum() > 10


def test_silence_of_three_years_is_heard() -> None:
    rows = [(who, back(1100 + who + 30 * nth), 6.0) for who in range(120) for nth in range(5)]
    _, found = forecast(rows_of(rows))
    assert found.p_buy.max() < 0.05
    assert found.p_alive.max() < 0.5


def test_a_customer_whose_returns_exceed_the_purchases_is_still_forecast() -> None:
    """Its value is not known, so it counts as anybody's."""
    rows = [(who, back(3 + who + 30 * nth), 20.0) for who in range(120) for nth in range(9)]
    _, found = forecast(rows_of([*rows, (120, back(3), 5.0), (120, back(33), -50.0)]))
    assert found.e_spend[-1] / found.e_orders[-1] == pytest.approx(20.0, rel=0.2)


def test_orders_after_as_of_are_ignored() -> None:
    rows = [(who, back(3 + who % 40 + 35 * nth), 9.0) for who in range(60) for nth in range(6)]
    later = [(who, AS_OF + day, 1e6) for who in range(80) for day in (0, 1, 30)]
    (model, known), (again, found) = forecast(rows_of(rows)), forecast(rows_of([*rows, *later]))
    assert model_file.write(again, {}) == model_file.write(model, {})
    np.testing.assert_array_equal(found.e_spend, known.e_spend)


def test_the_longest_horizon_expects_more_than_a_short_one() -> None:
    rows = rows_of([(who, back(3 + who % 40 + 35 * nth), 9.0) for who in range(60) for nth in range(6)])
    (_, near), (_, far) = forecast(rows, horizon=1), forecast(rows, horizon=730)
    assert far.e_orders.sum() > near.e_orders.sum()
    assert far.p_buy.mean() > near.p_buy.mean()


AMOUNTS = st.one_of(st.just(0.0), st.floats(-1e6, 1e6), st.sampled_from([0.01, 9.99, 1e8]))
SOME_ROWS = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 18_250).map(back), AMOUNTS), min_size=1, max_size=25)


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(rows=SOME_ROWS, horizon=st.sampled_from([1, 30, 90, 730]))
def test_a_handful_of_orders_of_any_kind(rows: list[Row], horizon: int) -> None:
    model, _ = forecast(rows_of(rows), horizon=horizon)
    assert model.members is None, "too few to learn from"
    assert model.readiness.state is State.NOT_YET
    assert model.readiness.missing


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32 - 1),
    customers=st.integers(60, 200),
    orders=st.integers(1, 6),
    span=st.sampled_from([3, 40, 400, 18_000]),
    amounts=st.sampled_from(["zero", "equal", "negative", "heavy"]),
    horizon=st.sampled_from([1, 90, 730]),
)
def test_a_random_shop_of_any_shape(
    seed: int, customers: int, orders: int, span: int, amounts: str, horizon: int
) -> None:
    random = np.random.default_rng(seed)
    spend = {"zero": 0.0, "equal": 5.0, "negative": -5.0}.get(amounts)
    forecast(
        rows_of(
            (who, back(int(day)), float(random.pareto(0.7)) if spend is None else spend)
            for who in range(customers)
            for day in random.integers(1, span + 1, random.integers(1, orders + 1))
        ),
        horizon=horizon,
    )
