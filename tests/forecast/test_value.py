from dataclasses import replace

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast.btyd import pareto_nbd
from holdfast.forecast.learning.purchases import look
from holdfast.forecast.model import ForecastConfig, Forecasts, Model, fit, predict
from holdfast.forecast.past import Snapshot
from holdfast.forecast.value import ValueConfig, lifetime_value, predicted_revenue, slice_edges
from tests.forecast.drawn_shops import drawn, past_of

AS_OF, HORIZON = 600, 90
UNDISCOUNTED = ValueConfig(discount_rate=0.0)


@pytest.fixture(scope="module")
def known() -> tuple[Model, Snapshot, Forecasts]:
    past = past_of(drawn(300, days=AS_OF))
    model, snapshot = fit(past, as_of=AS_OF, config=ForecastConfig(horizon=HORIZON)), past.at(AS_OF)
    return model, snapshot, predict(model, snapshot)


def as_purchases(model: Model, snapshot: Snapshot, forecasts: Forecasts) -> Forecasts:
    """Forecasts that say no more than the purchase models."""
    return replace(forecasts, e_spend=look(model.purchases, snapshot, horizon=model.horizon).spend)


def test_over_the_horizon_the_prediction_is_the_forecast(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, forecasts = known
    config = ValueConfig(discount_rate=0.0, years=HORIZON / 365)
    assert predicted_revenue(model, snapshot, forecasts, config=config) == pytest.approx(forecasts.e_spend)


def test_beyond_it_the_purchase_models_go_on(known: tuple[Model, Snapshot, Forecasts]) -> None:
    """Without a correction, a year is the closed form of a year: slices add up."""
    model, snapshot, _ = known
    found = predicted_revenue(model, snapshot, as_purchases(*known), config=UNDISCOUNTED)
    year = pareto_nbd.expected_orders(model.purchases.orders, snapshot.summary, horizon=365)
    assert found == pytest.approx(year * look(model.purchases, snapshot, horizon=HORIZON).value, rel=1e-6, abs=1e-3)


def test_a_correction_counts_less_and_less(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, _ = known
    plain = as_purchases(*known)
    doubled = replace(plain, e_spend=2 * plain.e_spend)
    ratios = []
    for years in (HORIZON / 365, 0.5, 1.0, 3.0, 10.0):
        config = replace(UNDISCOUNTED, years=years)
        more = predicted_revenue(model, snapshot, doubled, config=config).sum()
        ratios.append(more / predicted_revenue(model, snapshot, plain, config=config).sum())
    assert ratios[0] == pytest.approx(2.0)
    assert ratios == sorted(ratios, reverse=True)
    assert 1.0 < ratios[-1] < 1.5


def test_discounting_at_the_middle_of_a_slice(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, forecasts = known
    config = ValueConfig(discount_rate=0.21, years=0.2)
    plain = predicted_revenue(model, snapshot, forecasts, config=replace(config, discount_rate=0.0))
    assert predicted_revenue(model, snapshot, forecasts, config=config) == pytest.approx(plain / 1.21**0.1)


def test_slices_are_quarters_then_years_with_a_cut_at_the_horizon() -> None:
    assert slice_edges(years=0.5, horizon=90) == (0.0, 90.0, 91.25, 182.5)
    assert slice_edges(years=4.0, horizon=91.25)[-3:] == (730.0, 1095.0, 1460.0)
    assert slice_edges(years=0.1, horizon=90) == (0.0, 36.5)


def test_historic_and_predicted_make_the_total(known: tuple[Model, Snapshot, Forecasts]) -> None:
    values = lifetime_value(*known, config=ValueConfig(margin=0.4))
    assert np.array_equal(values.historic_revenue, known[1].spend)
    assert values.clv_revenue == pytest.approx(known[1].spend + values.predicted_revenue)
    assert values.clv_margin == pytest.approx(0.4 * values.clv_revenue)
    assert values.on_assumption == len(values)
    assert values.note.startswith(
        f"Costs are not known for {len(values)} of {len(values)} customers: an assumed margin of"
    )


def test_margins_come_from_costs_where_these_are_known(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, forecasts = known
    share = np.full(len(snapshot), np.nan)
    share[:3] = [0.5, -0.1, -7.0]
    features = replace(snapshot.features, columns={**snapshot.features.columns, "gross_margin_share": share})
    snapshot = replace(snapshot, features=features)
    values = lifetime_value(model, snapshot, forecasts, config=ValueConfig(margin_is_assumed=False))
    assert values.margin_share[:4].tolist() == [0.5, -0.1, -1.0, 0.3]
    assert values.on_assumption == len(snapshot) - 3
    assert "the shop's margin of 30 %" in values.note
    assert set(np.flatnonzero(values.predicted_margin < 0)) == {1, 2}
    given = lifetime_value(model, snapshot, forecasts, config=ValueConfig(), margin=np.full(len(snapshot), 0.2))
    assert given.predicted_margin == pytest.approx(0.2 * given.predicted_revenue)
    assert given.note == "Margins come from the costs of each customer's orders."


def test_who_returned_more_than_was_bought_has_no_margin_and_no_nan(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, forecasts = known
    spend = snapshot.spend.copy()
    spend[0] = -50.0
    values = lifetime_value(model, replace(snapshot, spend=spend), forecasts, config=ValueConfig(years=5.0))
    assert (values.historic_revenue[0], values.historic_margin[0]) == (-50.0, 0.0)
    assert np.isfinite(values.clv_margin).all()
    assert (values.predicted_revenue >= 0).all()


def test_a_shop_without_amounts_is_worth_nothing_that_could_be_told() -> None:
    history = drawn(40, days=AS_OF)
    past = past_of(replace(history, spend=np.zeros(len(history.spend))))
    model, snapshot = fit(past, as_of=AS_OF, config=ForecastConfig(horizon=HORIZON)), past.at(AS_OF)
    values = lifetime_value(model, snapshot, predict(model, snapshot), config=ValueConfig())
    assert not values.clv_revenue.any()


@pytest.mark.parametrize(
    "wrong",
    [{"margin": 1.1}, {"discount_rate": -0.1}, {"years": 0.0}, {"years": 51.0}, {"discount_rate": float("nan")}],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError):
        replace(ValueConfig(), **wrong)  # type: ignore[arg-type]


def test_forecasts_of_other_customers_are_refused(known: tuple[Model, Snapshot, Forecasts]) -> None:
    model, snapshot, forecasts = known
    with pytest.raises(InputError, match="one forecast"):
        lifetime_value(model, snapshot, replace(forecasts, keys=forecasts.keys + 1), config=ValueConfig())
    with pytest.raises(InputError, match="one margin"):
        lifetime_value(model, snapshot, forecasts, config=ValueConfig(), margin=np.zeros(1))
