import json
import re

import numpy as np
import pytest
from scipy.stats import rankdata

from holdfast.errors import NotFoundError
from holdfast.forecast.model import Model, predict
from holdfast.forecast.reasons import GROUPS, Explanations, Group, explain

from .shops import HORIZON, TODAY, Trained, past_of, without


def everybody(shop: Trained, *, currency: str | None = "EUR") -> Explanations:
    rows = np.arange(len(shop.snapshot))
    return explain(shop.model, shop.snapshot, rows, against=shop.background, currency=currency)


def of(found: Explanations, group: Group) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    points: np.ndarray[tuple[int], np.dtype[np.float64]] = found.points[:, GROUPS.index(group)]
    return points


@pytest.fixture(params=["shop", "young", "without_amounts"])
def each(request: pytest.FixtureRequest) -> Trained:
    found: Trained = request.getfixturevalue(request.param)
    return found


def test_points_and_money_add_up_to_the_forecast(shop: Trained) -> None:
    found, forecast = everybody(shop), predict(shop.model, shop.snapshot)
    np.testing.assert_allclose(found.typical + found.points.sum(axis=1) / 100, forecast.p_buy, atol=1e-6)
    assert found.money is not None
    given_order = forecast.e_spend / forecast.p_buy
    np.testing.assert_allclose(
        found.money.sum(axis=1), forecast.e_spend - found.typical * given_order, rtol=1e-5, atol=1e-4
    )


def test_everybody_has_exactly_three_sentences_without_nan_or_log_odds(each: Trained) -> None:
    found = everybody(each)
    assert len(found.sentences) == len(each.snapshot)
    for sentences in found.sentences:
        assert len(set(sentences)) == 3
        assert all(text.endswith(".") and "nan" not in text and "odds" not in text for text in sentences)


def test_sentences_state_points_by_size_the_largest_first(shop: Trained) -> None:
    found = everybody(shop)
    for sentences, points in zip(found.sentences, found.points, strict=True):
        stated = [float(number) for text in sentences for number in re.findall(r": ([+-][\d.]+) points?\.$", text)]
        largest = sorted(points, key=abs, reverse=True)[: len(stated)]
        np.testing.assert_allclose(stated, largest, atol=0.5)


def test_the_longer_quiet_the_more_it_speaks_against_a_customer(shop: Trained) -> None:
    quiet = shop.snapshot.summary.T - shop.snapshot.summary.recency
    found = of(everybody(shop), Group.QUIET)
    assert np.corrcoef(rankdata(quiet), rankdata(found))[0, 1] < -0.8
    assert (found[quiet > np.quantile(quiet, 0.9)] < 0.0).all()
    assert (found[quiet < np.quantile(quiet, 0.1)] > 0.0).all()


def test_a_frequent_customer_long_quiet_is_told_of_its_silence_first(shop: Trained) -> None:
    summary = shop.snapshot.summary
    quiet = np.where(summary.frequency >= 4, summary.T - summary.recency, -1.0)
    longest = np.argsort(-quiet)[:10]
    found = explain(shop.model, shop.snapshot, longest, against=shop.background)
    for first, _, _ in found.sentences:
        assert re.fullmatch(r"No order for \d+ days; usually orders every [\d.]+ days: -\d+ points\.", first)


def test_somebody_who_ordered_once_has_no_rhythm_made_up(each: Trained) -> None:
    once = np.flatnonzero(each.snapshot.order_days == 1)
    found = explain(each.model, each.snapshot, once, against=each.background)
    assert len(once) > 10
    for text in (text for sentences in found.sentences for text in sentences):
        assert "usual" not in text
        assert "Quiet for" not in text
        assert "per order" not in text
    assert any("Ordered once so far, like " in text for sentences in found.sentences for text in sentences)
    assert any(re.match(r"First order only|No order since", text) for three in found.sentences for text in three)


def test_a_single_gap_is_no_usual_gap(shop: Trained) -> None:
    twice = np.flatnonzero(shop.snapshot.order_days == 2)
    found = explain(shop.model, shop.snapshot, twice, against=shop.background)
    assert not any("usual" in text for sentences in found.sentences for text in sentences)


def test_without_amounts_there_is_no_money(without_amounts: Trained) -> None:
    found = everybody(without_amounts)
    assert found.money is None
    assert not any("EUR" in text or "spent" in text for sentences in found.sentences for text in sentences)
    assert found.as_json()[0]["reasons"][0]["money"] is None


def test_without_a_currency_amounts_stand_alone(shop: Trained) -> None:
    with_currency, without_one = everybody(shop), everybody(shop, currency=None)
    named = [text for sentences in with_currency.sentences for text in sentences if "EUR" in text]
    bare = [text for sentences in without_one.sentences for text in sentences]
    assert named
    assert {text.replace(" EUR", "") for text in named} <= set(bare)


def test_what_else_is_known_fills_up_where_few_reasons_matter(shop: Trained) -> None:
    found = everybody(shop)
    known = [text for sentences in found.sentences for text in sentences if text.startswith("Customer since")]
    likely = [text for sentences in found.sentences for text in sentences if f"within {HORIZON} days" in text]
    assert all(
        re.match(r"Customer since \d+ \w+ \d{4}: [\d,]+ order days?, [\d,.]+ EUR in all\.", text) for text in known
    )
    assert all(text.endswith("is typical of this shop.") for text in likely)
    few = [np.count_nonzero(np.abs(points) >= max(0.05, 0.03 * np.abs(points).sum())) < 3 for points in found.points]
    assert len(known) == np.count_nonzero(few)


def test_a_feature_that_is_gone_today_is_missing_for_everybody(shop: Trained) -> None:
    snapshot = past_of(shop.history, change=without("median_gap_days")).at(TODAY)
    found = explain(shop.model, snapshot, np.arange(len(snapshot)))
    assert np.isfinite(found.points).all()
    gaps = [text for sentences in found.sentences for text in sentences if "usually orders every" in text]
    assert gaps


def test_a_stored_model_explains_the_same(shop: Trained) -> None:
    stored = Model.from_json(json.loads(json.dumps(shop.model.as_json())))
    rows = np.arange(40)
    again = explain(stored, shop.snapshot, rows, currency="EUR")
    assert again.as_json() == explain(shop.model, shop.snapshot, rows, currency="EUR").as_json()


def test_json_has_reasons_by_size(shop: Trained) -> None:
    entry = json.loads(json.dumps(everybody(shop).as_json()))[3]
    assert entry["customer_key"] == shop.snapshot.keys[3]
    assert entry["horizon"] == HORIZON
    sizes = [abs(reason["points"]) for reason in entry["reasons"]]
    assert sizes == sorted(sizes, reverse=True)
    assert {reason["group"] for reason in entry["reasons"]} == {str(group) for group in GROUPS}
    assert len(entry["sentences"]) == 3


def test_nobody_asked_for_is_nobody_explained(shop: Trained) -> None:
    found = explain(shop.model, shop.snapshot, np.zeros(0, dtype=np.int64), against=shop.background)
    assert len(found) == 0
    assert found.as_json() == []
    assert found.points.shape == (0, len(GROUPS))


@pytest.mark.parametrize("row", [-1, 10_000])
def test_a_row_that_is_not_there(shop: Trained, row: int) -> None:
    with pytest.raises(NotFoundError, match=f"Row {row} of "):
        explain(shop.model, shop.snapshot, np.array([0, row]), against=shop.background)
