import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from holdfast.errors import InputError
from holdfast.forecast.arrays import Vector
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.measures.bootstrap import Comparison, Difference, Replay, Said, compare
from holdfast.forecast.measures.scores import captured_share


def said(p_buy: Vector, e_spend: Vector | None = None) -> Said:
    return Said(ranking=p_buy, spend_ranking=p_buy if e_spend is None else e_spend, p_buy=p_buy)


def replay(n: int = 400, *, seed: int = 0, noise: float = 1.0, customer: bool = False) -> Replay:
    """A date on which "ours" knows how likely everybody is to buy, and "rule" sees it through noise, in whole steps."""
    random = np.random.default_rng(seed)
    x = random.normal(size=n)
    p = 1 / (1 + np.exp(1 - x))
    bought = random.random(n) < p
    spend = np.where(bought, np.exp(random.normal(3, 1, n)), 0.0)
    rule = np.round(x + random.normal(scale=noise, size=n))
    return Replay(
        Outcomes(bought, bought.astype(np.int64), spend),
        {"ours": said(p), "rule": Said(rule, rule), "flat": said(np.full(n, 0.3))},
        customer=np.arange(n) * 7 if customer else None,
    )


def only(found: tuple[Comparison, ...]) -> Comparison:
    (comparison,) = found
    return comparison


def told(difference: Difference | None) -> Difference:
    assert difference is not None
    return difference


def test_figures_are_those_of_the_customers_as_they_are() -> None:
    date = replay()
    happened, ours, rule = date.outcomes, date.said["ours"], date.said["rule"]
    found = only(compare([date], method="ours", against=["rule"], seed=1))
    assert (found.method, found.against, found.dates) == ("ours", "rule", 1)
    auc, spend = told(found.auc), told(found.captured_spend)
    assert auc.ours == pytest.approx(roc_auc_score(happened.bought, ours.ranking))
    assert auc.theirs == pytest.approx(roc_auc_score(happened.bought, rule.ranking))
    assert auc.value == auc.ours - auc.theirs
    assert spend.ours == captured_share(happened.spend, ours.spend_ranking)
    assert spend.theirs == captured_share(happened.spend, rule.spend_ranking)
    assert found.log_loss is None  # the rule only ranks


def test_every_draw_is_scored_as_scikit_learn_would_score_the_drawn_customers() -> None:
    date, n, seed = replay(150), 150, 9
    random = np.random.default_rng(seed)
    gains, losses, shares = [], [], []
    for _ in range(60):
        rows = random.integers(0, n, n)
        bought, spend = date.outcomes.bought[rows], date.outcomes.spend[rows]
        ours, flat = (np.asarray(date.said[name].p_buy)[rows] for name in ("ours", "flat"))
        gains.append(roc_auc_score(bought, ours) - roc_auc_score(bought, flat))
        losses.append(log_loss(bought, ours) - log_loss(bought, flat))
        shares.append((captured_share(spend, ours) or 0) - (captured_share(spend, flat) or 0))
    found = only(compare([date], method="ours", against=["flat"], seed=seed, resamples=60))
    for difference, drawn in ((found.auc, gains), (found.log_loss, losses), (found.captured_spend, shares)):
        assert [told(difference).low, told(difference).high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    truth = told(
        only(compare([replay(200_000, seed=99)], method="ours", against=["rule"], seed=0, resamples=2)).auc
    ).value
    intervals = [
        told(only(compare([replay(250, seed=seed)], method="ours", against=["rule"], seed=seed, resamples=100)).auc)
        for seed in range(100)
    ]
    assert 88 <= sum(interval.low <= truth <= interval.high for interval in intervals) <= 99


def test_two_methods_that_say_the_same_do_not_differ() -> None:
    date = replay()
    same = Replay(date.outcomes, {"ours": date.said["ours"], "copy": date.said["ours"]})
    found = only(compare([same], method="ours", against=["copy"], seed=1, resamples=20))
    for difference in (told(found.auc), told(found.log_loss), told(found.captured_spend)):
        assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)


def test_same_seed_same_numbers_and_methods_do_not_disturb_each_other() -> None:
    date = replay()
    alone = compare([date], method="ours", against=["rule"], seed=5, resamples=40)
    beside = compare([date], method="ours", against=["flat", "rule"], seed=5, resamples=40)
    assert alone[0] == beside[1]
    assert compare([date], method="ours", against=["rule"], seed=6, resamples=40) != alone


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_turned_round_the_interval_is_mirrored(seed: int) -> None:
    date = replay(80, seed=seed)
    there = told(only(compare([date], method="ours", against=["rule"], seed=seed, resamples=30)).auc)
    back = told(only(compare([date], method="rule", against=["ours"], seed=seed, resamples=30)).auc)
    assert [back.value, back.low, back.high] == pytest.approx([-there.value, -there.high, -there.low])
    assert there.low <= there.high


def test_several_dates_are_the_mean_of_the_dates() -> None:
    dates = [replay(300, seed=1), replay(500, seed=2), replay(200, seed=3)]
    single = [told(only(compare([date], method="ours", against=["rule"], seed=1)).auc) for date in dates]
    pooled = only(compare(dates, method="ours", against=["rule"], seed=1))
    assert pooled.dates == 3
    assert told(pooled.auc).value == pytest.approx(np.mean([each.value for each in single]))
    assert told(pooled.auc).high - told(pooled.auc).low < min(each.high - each.low for each in single)


def test_the_same_date_three_times_is_no_more_evidence_where_customers_are_named() -> None:
    named = replay(customer=True)
    once = compare([named], method="ours", against=["rule"], seed=1)
    thrice = compare([named] * 3, method="ours", against=["rule"], seed=1)
    assert told(thrice[0].auc).low == pytest.approx(told(once[0].auc).low)
    unnamed = told(only(compare([replay()] * 3, method="ours", against=["rule"], seed=1)).auc)
    assert unnamed.high - unnamed.low < 0.75 * (told(once[0].auc).high - told(once[0].auc).low)


def happened(bought: list[int], spend: list[float]) -> Outcomes:
    return Outcomes(
        np.array(bought, dtype=np.bool_), np.array(bought, dtype=np.int64), np.array(spend, dtype=np.float64)
    )


def of(outcomes: Outcomes) -> Replay:
    n = len(outcomes)
    return Replay(outcomes, {"ours": said(np.linspace(0.1, 0.9, n)), "flat": said(np.full(n, 0.5))})


@pytest.mark.parametrize("bought", [0, 1])
def test_one_class_has_no_auc_but_a_log_loss(bought: int) -> None:
    found = only(compare([of(happened([bought] * 50, [0.0] * 50))], method="ours", against=["flat"], seed=1))
    assert (found.auc, found.captured_spend) == (None, None)
    assert told(found.log_loss).low < told(found.log_loss).high


def test_a_date_without_buyers_is_left_out_of_the_auc() -> None:
    date, silent = replay(), replay()
    silent = Replay(happened([0] * 400, [0.0] * 400), silent.said)
    alone = only(compare([date], method="ours", against=["rule"], seed=1))
    both = only(compare([date, silent], method="ours", against=["rule"], seed=1))
    assert told(both.auc).value == told(alone.auc).value
    assert told(both.captured_spend).value == told(alone.captured_spend).value


def test_a_single_buyer_gives_no_interval() -> None:
    found = only(compare([of(happened([0] * 49 + [1], [0.0] * 49 + [9.0]))], method="ours", against=["flat"], seed=1))
    assert (found.auc, found.captured_spend) == (None, None)


def test_no_dates_nobody_and_one_customer_cannot_be_told() -> None:
    nothing = Comparison("ours", "flat", 0, None, None, None)
    assert compare([], method="ours", against=["flat"], seed=1) == (nothing,)
    nobody = only(compare([of(happened([], []))], method="ours", against=["flat"], seed=1, resamples=5))
    assert (nobody.auc, nobody.log_loss, nobody.captured_spend) == (None, None, None)
    one = only(compare([of(happened([1], [5.0]))], method="ours", against=["flat"], seed=1, resamples=5))
    assert one.auc is None
    assert told(one.log_loss).low == told(one.log_loss).high


def test_a_method_that_did_not_forecast_is_named() -> None:
    with pytest.raises(InputError, match="BG/NBD is not among ours, rule, flat"):
        compare([replay()], method="ours", against=["BG/NBD"], seed=1)


def test_a_forecast_that_is_none_is_refused() -> None:
    broken = Replay(
        happened([0, 1], [0, 1]), {"ours": said(np.array([0.5, np.nan])), "flat": said(np.array([0.5, 0.5]))}
    )
    with pytest.raises(InputError, match="cannot be used"):
        compare([broken], method="ours", against=["flat"], seed=1)
