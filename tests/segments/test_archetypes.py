import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import PolicyError
from holdfast.segments.archetypes import NO_CLEAR_CLUSTERS, ArchetypeConfig, Archetypes, fit, predict

Columns = dict[str, npt.NDArray[Any]]
WHOLESALE = ("Monthly High-Value", "Seasonal", "Experimental / Hesitant Lower-Value")


def shop(*blobs: tuple[int, float, float, float, float], seed: int = 1) -> Columns:
    """Customers around (n, days since last order, orders, revenue, gap; 0 = one order)."""
    random = np.random.default_rng(seed)
    n = [blob[0] for blob in blobs]

    def around(i: int) -> npt.NDArray[np.float64]:
        return np.concatenate(
            [np.full(size, blob[i]) * random.uniform(0.9, 1.1, size) for size, blob in zip(n, blobs, strict=True)]
        )

    gap = around(4)
    orders = np.maximum(np.round(around(2)), 1)
    return {
        "days_since_last_order": np.round(around(1)),
        "order_count": orders,
        "order_day_count": np.where(gap == 0, 1, orders),
        "net_revenue": np.round(around(3), 2),
        "median_gap_days": np.where(gap == 0, np.nan, gap),
        "unique_products": orders * 3,
        "mean_order_value": around(3) / orders,
        "order_count_90d": np.round(orders / 4),
    }


def three_kinds(seed: int = 1) -> Columns:
    return shop((60, 12, 14, 9000, 28), (150, 60, 4, 900, 80), (200, 300, 1, 60, 0), seed=seed)


def taken(customers: Columns, rows: Any) -> Columns:
    return {name: values[rows] for name, values in customers.items()}


def test_three_kinds_of_customers_are_found_and_named() -> None:
    customers = three_kinds()
    fitted = fit(customers, config=ArchetypeConfig())
    assert fitted.clear
    assert fitted.names == WHOLESALE
    assert [profile.customers for profile in fitted.profiles] == [60, 150, 200]
    assert predict(fitted, customers).tolist() == [
        name for name, n in zip(WHOLESALE, (60, 150, 200), strict=True) for _ in range(n)
    ]
    assert fitted.silhouette is not None
    assert fitted.silhouette > 0.7
    assert fitted.stability == pytest.approx(1)


def test_engagement_features_can_be_added() -> None:
    fitted = fit(three_kinds(), config=ArchetypeConfig(engagement=True))
    assert len(fitted.features) == 6
    assert len(fitted.centres[0]) == 6
    assert fitted.names == WHOLESALE


def test_k_by_stability_finds_the_number_of_kinds() -> None:
    four = shop((80, 10, 20, 9000, 20), (80, 20, 2, 100, 200), (80, 300, 19, 8000, 25), (80, 310, 1, 80, 0))
    assert len(fit(four, config=ArchetypeConfig(choose_k=True)).names) == 4
    assert len(fit(three_kinds(), config=ArchetypeConfig(choose_k=True)).names) == 3


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_order_of_rows_changes_nothing_at_all(random: Any) -> None:
    customers = three_kinds()
    order = list(range(len(customers["order_count"])))
    random.shuffle(order)
    assert fit(taken(customers, order), config=ArchetypeConfig()) == fit(customers, config=ArchetypeConfig())


def test_a_fit_survives_json_text() -> None:
    customers = three_kinds()
    fitted = fit(customers, config=ArchetypeConfig())
    again = Archetypes.from_json(json.loads(json.dumps(fitted.as_json())))
    assert again == fitted
    assert predict(again, customers).tolist() == predict(fitted, customers).tolist()


def test_a_refit_keeps_names_where_clusters_stay_and_not_where_they_move() -> None:
    first = fit(three_kinds(seed=1), config=ArchetypeConfig())
    renamed = Archetypes.from_json({**first.as_json(), "names": ["Our best", "The middle", "Passers-by"]})
    later = three_kinds(seed=2)
    assert fit(later, config=ArchetypeConfig(), previous=renamed).names == ("Our best", "The middle", "Passers-by")

    swapped = Archetypes.from_json(
        {**renamed.as_json(), "centres": renamed.centres[::-1], "names": ["Passers-by", "The middle", "Our best"]}
    )
    follow = fit(later, config=ArchetypeConfig(), previous=swapped)
    assert follow.names == ("Passers-by", "The middle", "Our best")
    assert [profile.customers for profile in follow.profiles] == [200, 150, 60]

    elsewhere = taken(later, slice(None))
    elsewhere["days_since_last_order"] = elsewhere["days_since_last_order"] + 500
    assert fit(elsewhere, config=ArchetypeConfig(), previous=renamed).names == WHOLESALE
    assert fit(later, config=ArchetypeConfig(k=2), previous=renamed).names != renamed.names


def test_no_clear_clusters_says_so_with_the_number() -> None:
    random = np.random.default_rng(0)
    noise = three_kinds()
    for name in ("days_since_last_order", "order_count"):
        noise[name] = random.normal(100, 10, len(noise[name]))
    noise["net_revenue"] = np.exp(random.normal(5, 1, len(noise["net_revenue"])))
    fitted = fit(noise, config=ArchetypeConfig(k=5, least_silhouette=0.4))
    assert not fitted.clear
    assert fitted.reason.startswith(f"silhouette {fitted.silhouette:.2f}, below 0.4")
    assert set(predict(fitted, noise)) == {NO_CLEAR_CLUSTERS}

    unstable = fit(noise, config=ArchetypeConfig(k=5, least_silhouette=0, least_stability=0.99))
    assert unstable.reason.startswith(f"stability {unstable.stability:.2f}, below 0.99")


@pytest.mark.parametrize("n", [1, 2, 5, 29])
def test_too_few_customers_are_no_clusters(n: int) -> None:
    few = taken(three_kinds(), slice(0, 400, 400 // n))
    few = taken(few, slice(0, n))
    fitted = fit(few, config=ArchetypeConfig())
    assert not fitted.clear
    assert fitted.reason.startswith(f"{n} customers")
    assert predict(fitted, few).tolist() == [NO_CLEAR_CLUSTERS] * n


@pytest.mark.parametrize("distinct", [1, 2])
def test_fewer_different_customers_than_groups(distinct: int) -> None:
    same = taken(three_kinds(), np.tile(np.array([0, 399])[:distinct], 50))
    fitted = fit(same, config=ArchetypeConfig())
    assert f"{distinct} of them different" in fitted.reason


def test_five_rows_in_three_groups_where_that_few_are_allowed() -> None:
    five = taken(three_kinds(), [0, 1, 100, 101, 399])
    fitted = fit(five, config=ArchetypeConfig(least_customers=5, least_stability=-1))
    assert [profile.customers for profile in fitted.profiles] == [2, 2, 1]


def test_negative_and_zero_revenue_and_missing_engagement_are_no_obstacle() -> None:
    customers = three_kinds()
    customers["net_revenue"][-50:] = -20.0
    customers["net_revenue"][-100:-50] = 0.0
    customers["mean_order_value"][::3] = np.nan
    fitted = fit(customers, config=ArchetypeConfig(engagement=True))
    assert np.isfinite(fitted.centres).all()
    assert set(predict(fitted, customers)) <= {*fitted.names, NO_CLEAR_CLUSTERS}


def test_large_shops_are_thinned_without_losing_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.segments.clusters.FIT_ON", 100)
    monkeypatch.setattr("holdfast.segments.clusters.JUDGE_ON", 60)
    assert [p.customers for p in fit(three_kinds(), config=ArchetypeConfig()).profiles] == [60, 150, 200]


@pytest.mark.parametrize("k", [0, 1, 9])
def test_k_out_of_range_is_refused(k: int) -> None:
    with pytest.raises(PolicyError, match="archetypes"):
        ArchetypeConfig(k=k)
