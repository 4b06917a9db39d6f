"""Few buyers, many others: whether weighting or inventing buyers helps, and two other kinds of trees, compared once.

Everybody learns from the customers of the latest past date alone and is judged at the task's own date, as it comes and
after its mean chance has been moved to the model's level. What is not installed is left out by name: scikit-learn has
random forests; XGBoost and SMOTE need `pip install --group bench`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from quality_ablation import DEFAULT, Variants, centred, with_chance
from quality_case import Case, lessons_of
from quality_scores import Figures
from scipy.special import expit, logit
from sklearn.ensemble import RandomForestClassifier

from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.learning import linear, members
from holdfast.forecast.learning.design import Columns
from holdfast.forecast.learning.lessons import Lesson
from holdfast.forecast.learning.level import shift_to
from holdfast.forecast.learning.members import LINEAR_NAME, RECIPES, Base, Target, View, columns_of
from holdfast.forecast.learning.trees import Table, correction

MOST = 20_000
"""Customers to learn from: SMOTE compares each buyer with every other."""

ROUNDS, FOREST = 150, 300


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Customers of one past date: their columns without gaps, and who bought."""

    columns: Columns
    bought: Flags


Learner = Callable[[Rows, Columns, int], Vector]
"""Learns from rows, and says the chance of each customer of other columns; the last argument is a seed."""


def class_weights(case: Case) -> Variants:
    """The blend as it is, and with buyers and others weighing the same in every learner of chances."""
    lessons = lessons_of(case)
    said = dict(case.said)
    weight = np.concatenate([_balanced(lesson) for lesson in lessons])
    for view in View:
        table = Table(np.vstack([columns_of(lesson.design, view) for lesson in lessons]), weight)
        for name, recipe in RECIPES.items():
            if recipe.view is view and recipe.target is Target.BUYS:
                bought = np.concatenate([lesson.outcomes.bought.astype(np.float64) for lesson in lessons])
                base = np.concatenate([_base(lesson, recipe.base) for lesson in lessons])
                trees = table.boost(recipe.boosting, label=bought, base=base, seed=case.config.seed)
                start = members.starting_point(case.outlook, recipe)
                said[name] = start + correction(trees, columns_of(case.design, view))
    nth = np.repeat(np.arange(len(lessons)), [len(lesson) for lesson in lessons])
    scaled = np.vstack([lesson.design.scaled for lesson in lessons])
    slopes = linear.fit(scaled, np.concatenate([lesson.outcomes.bought for lesson in lessons]), fold=nth, weight=weight)
    said[LINEAR_NAME] = linear.log_odds(slopes, case.design.scaled)
    return {DEFAULT: case.judged(case.expected()), "class weights": case.judged(case.expected(said))}


def learners(case: Case) -> dict[str, Variants]:
    """Each learner alone, as it comes (`raw`) and at the level (`levelled`), and as one more member (`added`)."""
    lesson = lessons_of(case)[0]
    columns, bought = lesson.design.plain, lesson.outcomes.bought
    usual = np.array([_usual(column) for column in columns.T], dtype=np.float32)
    rows = np.sort(np.random.default_rng(case.config.seed).permutation(len(bought))[:MOST])
    seen = Rows(_filled(columns[rows], usual), bought[rows])
    today, level = _filled(case.design.plain, usual), float(case.expected().p_buy.mean())
    usually, chance_before = case.expected(), float(case.outlook.p_order.mean())
    members_odds = centred(case.said, chance_before)
    found: dict[str, Variants] = {"raw": {}, "levelled": {}, "added": {DEFAULT: case.judged(usually)}}
    for name, learner in _installed().items():
        chance = np.clip(learner(seen, today, case.config.seed), 1e-4, 1.0 - 1e-4)
        odds = logit(chance)
        mixed = np.column_stack([members_odds, odds + shift_to(odds, chance_before)]).mean(axis=1)
        found["raw"][name] = _judged(case, chance)
        found["levelled"][name] = _judged(case, expit(odds + shift_to(odds, level)))
        found["added"][f"with {name}"] = _judged(case, expit(mixed + shift_to(mixed, level)))
    return found


def missing() -> list[str]:
    """What is left out because it is not installed."""
    return [name for name, module in (("XGBoost", "xgboost"), ("SMOTE", "imblearn")) if find_spec(module) is None]


# --- learners --------------------------------------------------------------------------------------------------------


def _boosted(rows: Rows, today: Columns, seed: int, *, balanced: bool = False) -> Vector:
    weight = _same_weight(rows.bought) if balanced else np.ones(len(rows.bought))
    share = 0.5 if balanced else float(rows.bought.mean())
    usual = float(logit(share))
    table = Table(rows.columns, weight)
    label = rows.bought.astype(np.float64)
    boosting = RECIPES["buys by value"].boosting
    trees = table.boost(boosting, label=label, base=np.full(len(label), usual), seed=seed)
    chance: Vector = expit(usual + correction(trees, today))
    return chance


def _weighted(rows: Rows, today: Columns, seed: int) -> Vector:
    return _boosted(rows, today, seed, balanced=True)


def _smote(rows: Rows, today: Columns, seed: int) -> Vector:
    """Chawla et al. (2002): buyers are invented between neighbouring ones until both classes are equal."""
    spread = np.maximum(rows.columns.std(axis=0), 1e-9)
    maker: Any = import_module("imblearn.over_sampling").SMOTE(random_state=seed)
    columns, bought = maker.fit_resample(rows.columns / spread, rows.bought)
    return _boosted(Rows((columns * spread).astype(np.float32), bought), today, seed)


def _forest(rows: Rows, today: Columns, seed: int, *, class_weight: str | None = None) -> Vector:
    forest = RandomForestClassifier(
        FOREST, min_samples_leaf=20, random_state=seed, class_weight=class_weight, max_features="sqrt"
    )
    chance: Vector = forest.fit(rows.columns, rows.bought).predict_proba(today)[:, 1]
    return chance


def _balanced_forest(rows: Rows, today: Columns, seed: int) -> Vector:
    return _forest(rows, today, seed, class_weight="balanced")


def _xgboost(rows: Rows, today: Columns, seed: int) -> Vector:
    made: Any = import_module("xgboost").XGBClassifier(
        n_estimators=ROUNDS,
        learning_rate=0.05,
        max_depth=4,
        subsample=0.7,
        colsample_bytree=0.5,
        min_child_weight=10,
        n_jobs=1,
        random_state=seed,
    )
    chance: Vector = made.fit(rows.columns, rows.bought).predict_proba(today)[:, 1].astype(np.float64)
    return chance


LEARNERS: Mapping[str, tuple[Learner, str]] = {
    "LightGBM": (_boosted, "lightgbm"),
    "LightGBM, class weights": (_weighted, "lightgbm"),
    "LightGBM after SMOTE": (_smote, "imblearn"),
    "random forest": (_forest, "sklearn"),
    "random forest, class weights": (_balanced_forest, "sklearn"),
    "XGBoost": (_xgboost, "xgboost"),
}
"""Name -> learner, and the module it needs."""


def _installed() -> dict[str, Learner]:
    return {name: learner for name, (learner, module) in LEARNERS.items() if find_spec(module)}


# --- weights and bases -----------------------------------------------------------------------------------------------


def _same_weight(bought: Flags) -> Vector:
    """Buyers and others weigh the same in all, and everybody together as much as there are customers."""
    share = float(bought.mean())
    return np.where(bought, 0.5 / share, 0.5 / (1.0 - share))


def _balanced(lesson: Lesson) -> Vector:
    return lesson.fold.weight * _same_weight(lesson.outcomes.bought)


def _base(lesson: Lesson, base: Base) -> Vector:
    """Where trees start: as without weights, but at even odds, which is the level of the weighted fold."""
    if base is Base.MEAN:
        return np.zeros(len(lesson))
    odds = lesson.outlook.log_odds
    return odds + shift_to(odds, 0.5)


def _filled(columns: Columns, usual: Columns) -> Columns:
    """Missing values at the median: SMOTE and random forests take none."""
    return np.where(np.isfinite(columns), columns, usual).astype(np.float32)


def _usual(column: Columns) -> float:
    """The median of what is there; 0 for a column that is missing for everybody."""
    there = column[np.isfinite(column)]
    return float(np.median(there)) if len(there) else 0.0


def _judged(case: Case, chance: Vector) -> Figures:
    return case.judged(with_chance(case.expected(), chance))
