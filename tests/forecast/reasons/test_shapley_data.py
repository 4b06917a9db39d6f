import json

import numpy as np
import pytest

from holdfast.forecast.reasons import ShapleyTable, beeswarm, shapley_table, waterfall
from holdfast.forecast.reasons.shapley_data import REST

from .shops import Trained


@pytest.fixture(scope="module")
def table(shop: Trained) -> ShapleyTable:
    return shapley_table(shop.model, shop.snapshot, np.arange(len(shop.snapshot)), against=shop.background)


def test_a_table_holds_contributions_and_the_numbers_behind_them(shop: Trained, table: ShapleyTable) -> None:
    assert table.contributions.shape == table.numbers.shape == (len(shop.snapshot), len(table.names))
    np.testing.assert_allclose(table.baseline + table.contributions.sum(axis=1), table.log_odds, atol=1e-6)
    columns = dict(zip(table.names, table.numbers.T, strict=True))
    np.testing.assert_array_equal(columns["net_revenue"], shop.snapshot.features.columns["net_revenue"])
    np.testing.assert_array_equal(columns["history.order_days"], shop.snapshot.order_days)
    np.testing.assert_allclose(columns["purchases.p_alive"], shop.background.outlook.p_alive, atol=1e-6)
    assert np.isnan(columns["unique_products"]).all()


def test_a_waterfall_leads_from_the_baseline_to_the_customer(table: ShapleyTable) -> None:
    found = waterfall(table, 4, most=6)
    assert found.steps[0].start == found.baseline == table.baseline
    assert found.steps[-1].end == found.log_odds == table.log_odds[4]
    assert found.steps[-1].name == REST
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert before.end == after.start
    sizes = [abs(step.contribution) for step in found.steps[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 6
    assert all(step.end - step.start == pytest.approx(step.contribution) for step in found.steps)
    assert json.loads(json.dumps(found.as_json()))["customer_key"] == table.keys[4]


def test_a_beeswarm_is_thinned_and_keeps_both_ends(table: ShapleyTable) -> None:
    found = beeswarm(table, columns=5, dots=50)
    assert len(found) == 5
    for swarm in found:
        values = table.contributions[:, table.names.index(swarm.name)]
        assert len(swarm.contributions) == len(swarm.ranks) == 50
        assert (swarm.contributions[0], swarm.contributions[-1]) == (values.min(), values.max())
        assert all(rank is None or 0.0 < rank <= 1.0 for rank in swarm.ranks)
    strengths = [np.abs(table.contributions[:, table.names.index(swarm.name)]).mean() for swarm in found]
    assert strengths == sorted(strengths, reverse=True)


def test_a_missing_number_has_no_rank(table: ShapleyTable) -> None:
    swarm = next(found for found in beeswarm(table, columns=99) if found.name == "median_gap_days")
    missing = np.isnan(table.numbers[:, table.names.index("median_gap_days")])
    assert sum(rank is None for rank in swarm.ranks) == np.count_nonzero(missing) > 0


def test_a_column_without_contributions_has_no_swarm(table: ShapleyTable) -> None:
    assert "unique_products" not in [swarm.name for swarm in beeswarm(table, columns=99)]
