from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from holdfast.forecast.arrays import Integers
from holdfast.forecast.btyd import Fit, GammaGamma, ParetoNBD, Rung
from holdfast.forecast.folds import Fold
from holdfast.forecast.labels import OrderDays, outcomes
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.lessons import Lesson, learn_from, level_at, sampled
from holdfast.forecast.learning.level import shift_to
from holdfast.forecast.learning.purchases import Purchases
from tests.forecast.histories import shop
from tests.forecast.shop import altered, listening, past_of, simulated, snapshot_of

HISTORY, _ = simulated(customers=400, days=400, seed=11)
FEATURES = ("net_revenue", "order_count", "recent_share")
FOLD = Fold(day=250, window=60, weight=0.5)
AS_OF = 340


@pytest.fixture(scope="module")
def start() -> Purchases:
    return purchases.fit(snapshot_of(HISTORY, AS_OF), seed=0)


def learned(history: OrderDays, start: Purchases, *, fold: Fold = FOLD, share: float = 1.0) -> Lesson | None:
    return learn_from(
        past_of(history), fold, as_of=AS_OF, horizon=fold.window, features=FEATURES, start=start, share=share, seed=0
    )


def needed(lesson: Lesson | None) -> Lesson:
    assert lesson is not None
    return lesson


def test_a_lesson_holds_what_was_known_and_what_came(start: Purchases) -> None:
    lesson = needed(learned(HISTORY, start))
    then = snapshot_of(HISTORY, FOLD.day)
    happened = outcomes(HISTORY, cutoff=250, horizon=60)
    assert len(lesson) == len(then) == len(lesson.design) == lesson.level.customers
    np.testing.assert_array_equal(lesson.outcomes.orders, happened.orders[then.keys])
    assert lesson.level.buyers == happened.bought[then.keys].sum()
    assert lesson.level.history_days == 250 - HISTORY.day.min()
    assert lesson.level.shift == shift_to(lesson.outlook.log_odds, float(lesson.outcomes.bought.mean()))
    assert not lesson.level.last_year
    assert lesson.fold is FOLD


def test_the_fold_of_last_year_is_marked(start: Purchases) -> None:
    later, _ = simulated(customers=400, days=620, seed=11)
    lesson = learn_from(
        past_of(later), Fold(250, 60, 0.1), as_of=615, horizon=60, features=FEATURES, start=start, share=1.0, seed=0
    )
    assert needed(lesson).level.last_year


def test_nothing_that_came_later_is_in_what_was_known(start: Purchases) -> None:
    """Every second order from the fold on is left out, the others cost three times as much."""
    lesson = needed(learned(HISTORY, start))
    other = needed(learned(altered(HISTORY, HISTORY.day >= FOLD.day), start))
    assert not np.array_equal(other.outcomes.orders, lesson.outcomes.orders)
    for form in ("ranked", "plain", "scaled"):
        np.testing.assert_array_equal(getattr(other.design, form), getattr(lesson.design, form))
    for column in ("p_order", "orders", "p_alive", "value"):
        np.testing.assert_array_equal(getattr(other.outlook, column), getattr(lesson.outlook, column))


def regulars(*, customers: int, buyers: int) -> OrderDays:
    """Customers who ordered every fifty days until day 250; some of them in the window too."""
    return shop(*([*range(who % 50, 250, 50), *([260] if who < buyers else [])] for who in range(customers)))


@pytest.mark.parametrize(
    ("customers", "buyers", "teaches"),
    [(50, 10, True), (49, 10, False), (50, 9, False), (60, 50, True), (60, 51, False), (0, 0, False)],
    ids=["just enough", "few customers", "few buyers", "just enough leave", "few leave", "nobody"],
)
def test_a_fold_with_too_few_teaches_nothing(start: Purchases, *, customers: int, buyers: int, teaches: bool) -> None:
    history = regulars(customers=customers, buyers=buyers) if customers else shop([10])
    assert (learned(history, start) is not None) is teaches


def test_a_fold_where_the_purchase_models_failed_teaches_nothing(
    start: Purchases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models that expect next to nobody, where a third buys."""
    hopeless = ParetoNBD(0.5, 5000.0, 9.0, 1.0, Fit(0.0, converged=True, rung=Rung.PLAIN, starts=1))
    assert learned(HISTORY, start) is not None
    monkeypatch.setattr(purchases, "fit", lambda *_, **__: replace(start, orders=hopeless))
    assert learned(HISTORY, start) is None


def test_a_level_alone_is_that_of_the_lesson_and_asks_for_no_features(start: Purchases) -> None:
    past, asked = listening(past_of(HISTORY))
    assert level_at(past, FOLD, as_of=AS_OF, start=start, seed=0) == needed(learned(HISTORY, start)).level
    assert asked.features == []
    assert set(asked.order_days) == {FOLD.day, AS_OF}


def test_a_window_in_which_nobody_bought_has_no_level(start: Purchases) -> None:
    silent = regulars(customers=60, buyers=0)
    assert level_at(past_of(silent), FOLD, as_of=AS_OF, start=start, seed=0) is None
    assert level_at(past_of(regulars(customers=60, buyers=1)), FOLD, as_of=AS_OF, start=start, seed=0) is not None


def test_a_sample_holds_the_same_customers_at_every_fold(start: Purchases) -> None:
    lesson, whole = needed(learned(HISTORY, start, share=0.4)), needed(learned(HISTORY, start))
    rows = sampled(snapshot_of(HISTORY, FOLD.day).keys, 0.4)
    assert 0.25 < len(lesson) / len(whole) < 0.55
    np.testing.assert_array_equal(lesson.outcomes.orders, whole.outcomes.orders[rows])
    np.testing.assert_array_equal(lesson.design.ranked, whole.design.ranked[rows])
    np.testing.assert_array_equal(lesson.outlook.p_order, whole.outlook.p_order[rows])
    assert lesson.level == whole.level, "measured on everybody"


def chosen(keys: Integers | Sequence[int], share: float) -> set[int]:
    every = np.asarray(keys, dtype=np.int64)
    return set(every[sampled(every, share)].tolist())


def test_who_is_sampled_depends_on_the_key_and_on_nothing_else() -> None:
    keys = np.arange(1, 20_001)
    third = chosen(keys, 1 / 3)
    assert len(third) == pytest.approx(20_000 / 3, rel=0.03)
    assert chosen(keys[::7], 1 / 3) == third & set(keys[::7].tolist())
    assert chosen(keys, 0.1) < third < chosen(keys, 0.9)
    assert chosen(keys, 1.0) == chosen(keys, 2.0) == set(keys.tolist())
    halves = [len([key for key in third if key % 2 == rest]) for rest in (0, 1)]
    assert halves[0] == pytest.approx(halves[1], rel=0.1), "no pattern in the keys shows"


def test_the_value_model_of_the_start_is_only_a_start(start: Purchases) -> None:
    """From models of another shop the same lesson is learned, to the precision of a fit."""
    far = replace(start, value=GammaGamma.from_json(start.value.as_json() | {"p": 2.0}))
    seen, expected = needed(learned(HISTORY, far)), needed(learned(HISTORY, start))
    np.testing.assert_allclose(seen.outlook.value, expected.outlook.value, rtol=0.02)
