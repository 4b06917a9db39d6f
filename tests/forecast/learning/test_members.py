import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from holdfast.forecast.folds import Fold
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning import members, purchases
from holdfast.forecast.learning.design import Columns
from holdfast.forecast.learning.lessons import Lesson, learn_from
from holdfast.forecast.learning.members import (
    LINEAR_NAME,
    RECIPES,
    Base,
    Members,
    Target,
    View,
    as_log_odds,
    capped,
    columns_of,
    opinions,
    starting_point,
)
from holdfast.forecast.learning.trees import correction
from tests.forecast.shop import past_of, simulated

HISTORY, _ = simulated(customers=400, days=400, seed=21)
FEATURES = ("churn_ratio", "days_since_last_order", "net_revenue", "order_count", "recent_share")
FOLDS = (Fold(300, 60, 1.0), Fold(280, 60, 0.9), Fold(260, 60, 0.8))


def lesson_at(fold: Fold) -> Lesson:
    past = past_of(HISTORY)
    start = purchases.fit(past.at(360), seed=0)
    found = learn_from(past, fold, as_of=360, horizon=fold.window, features=FEATURES, start=start, share=1.0, seed=0)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return [lesson_at(fold) for fold in FOLDS]


@pytest.fixture(scope="module")
def trained(lessons: list[Lesson]) -> Members:
    return members.fit(lessons, seed=0)


def test_there_is_a_learner_for_every_recipe(trained: Members, lessons: list[Lesson]) -> None:
    assert set(trained.trees) == set(RECIPES)
    said = opinions(trained, lessons[0].design, lessons[0].outlook)
    assert set(said) == {*RECIPES, LINEAR_NAME}
    assert all(opinion.shape == (len(lessons[0]),) for opinion in said.values())
    assert all(np.isfinite(opinion).all() for opinion in said.values())


def test_the_same_seed_and_lessons_give_the_same_text(trained: Members, lessons: list[Lesson]) -> None:
    again = members.fit(lessons, seed=0)
    assert json.dumps(again.as_json()) == json.dumps(trained.as_json())
    other = members.fit(lessons, seed=1)
    assert all(other.trees[name].text != trees.text for name, trees in trained.trees.items())
    assert other.linear == trained.linear


def test_every_member_ranks_its_target(trained: Members, lessons: list[Lesson]) -> None:
    """On a window that none has seen: the next one."""
    later = lesson_at(Fold(299, 61, 1.0))
    for name, opinion in opinions(trained, later.design, later.outlook).items():
        assert roc_auc_score(later.outcomes.bought, opinion) > 0.85, name


def test_the_level_of_a_fold_teaches_nothing(lessons: list[Lesson]) -> None:
    """Two folds of the same customers, one with a third of the buyers, and a column that names the fold."""
    rich, bought = lessons[0], lessons[0].outcomes.bought
    fewer = bought & (np.cumsum(bought) % 3 == 0)
    named = replace(rich.design, ranked=marked(rich.design.ranked), plain=marked(rich.design.plain))
    poor = replace(
        rich, design=named, outcomes=Outcomes(fewer, rich.outcomes.orders * fewer, rich.outcomes.spend * fewer)
    )
    trained = members.fit([rich, poor], seed=0)
    apart = logit(bought.mean()) - logit(fewer.mean())
    assert apart > 1
    for name, recipe in RECIPES.items():
        if recipe.target is Target.BUYS:
            unnamed = correction(trained.trees[name], columns_of(rich.design, recipe.view))
            told = correction(trained.trees[name], columns_of(named, recipe.view))
            assert abs(unnamed.mean() - told.mean()) < 0.4 * apart, name


def marked(columns: Columns) -> Columns:
    """The columns, one of them with values that no other fold has."""
    found = columns.copy()
    found[:, FEATURES.index("order_count")] += 1000
    return found


def test_trees_beyond_the_purchase_models_are_added_to_them(trained: Members, lessons: list[Lesson]) -> None:
    known, design = lessons[0].outlook, lessons[0].design
    said = opinions(trained, design, known)
    for name, base in {
        "buys beyond purchases": known.log_odds,
        "orders beyond purchases": np.log(known.orders),
        "spend beyond purchases": np.log(known.spend),
    }.items():
        added = correction(trained.trees[name], design.ranked)
        np.testing.assert_allclose(said[name], base + added, atol=1e-9)
    for name, recipe in RECIPES.items():
        if recipe.base is Base.MEAN:
            assert not starting_point(known, recipe).any()
            added = correction(trained.trees[name], columns_of(design, recipe.view))
            np.testing.assert_array_equal(said[name], added)


def test_a_shop_without_amounts_has_no_learners_of_spend(lessons: list[Lesson]) -> None:
    free = [
        replace(lesson, outcomes=replace(lesson.outcomes, spend=np.zeros(len(lesson))), outlook=worthless(lesson))
        for lesson in lessons
    ]
    trained = members.fit(free, seed=0)
    assert set(trained.trees) == {name for name, recipe in RECIPES.items() if recipe.target is not Target.SPEND}
    assert all(np.isfinite(said).all() for said in opinions(trained, free[0].design, free[0].outlook).values())


def worthless(lesson: Lesson) -> purchases.Outlook:
    return replace(lesson.outlook, value=np.zeros(len(lesson)))


def test_one_lesson_is_enough(lessons: list[Lesson]) -> None:
    assert set(members.fit(lessons[:1], seed=0).trees) == set(RECIPES)


def test_members_survive_a_trip_through_json(trained: Members, lessons: list[Lesson]) -> None:
    again = Members.from_json(json.loads(json.dumps(trained.as_json())))
    seen = opinions(again, lessons[0].design, lessons[0].outlook)
    for name, expected in opinions(trained, lessons[0].design, lessons[0].outlook).items():
        np.testing.assert_array_equal(seen[name], expected)


def test_poisson_orders_as_the_chance_of_at_least_one() -> None:
    mean = np.array([0.001, 0.5, 1.0, 3.0])
    np.testing.assert_allclose(expit(as_log_odds(np.log(mean))), 1 - np.exp(-mean), rtol=1e-9)
    extreme = as_log_odds(np.array([-300.0, 300.0]))
    assert np.isfinite(extreme).all()
    assert extreme[0] < extreme[1]


def test_a_giant_order_counts_as_the_largest_usual_one() -> None:
    spend = np.concatenate([np.zeros(500), np.arange(1.0, 1000.0), [1e6]])
    cut = capped(spend)
    assert cut.max() == pytest.approx(np.quantile(spend[spend > 0], 0.995))
    assert cut.max() < 1000
    np.testing.assert_array_equal(cut[:1000], spend[:1000])
    assert not capped(np.zeros(4)).any()


def test_members_learn_from_a_view_of_the_design(lessons: list[Lesson]) -> None:
    design = lessons[0].design
    assert columns_of(design, View.RANKED) is design.ranked
    assert columns_of(design, View.PLAIN) is design.plain
