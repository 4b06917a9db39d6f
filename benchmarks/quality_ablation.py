"""What each part of the forecast is worth: one part changed at a time, everything else as it is.

Kept is what wins in the mean over the tasks. Figures of a variant are those of `quality_scores.figures`.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from quality_case import Case, Said, lessons_of, opinions_at, trained_members
from quality_scores import Figures
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata

from holdfast.forecast import Features, Past, fit
from holdfast.forecast.arrays import Matrix, Vector
from holdfast.forecast.folds import plan
from holdfast.forecast.learning.blend import CHANCE_MEMBERS, Expected
from holdfast.forecast.learning.design import RANKED_MODELS, Columns, Design, design
from holdfast.forecast.learning.lessons import Lesson
from holdfast.forecast.learning.level import FoldLevel, Level, Source, forecast_level, shift_to
from holdfast.forecast.learning.members import as_log_odds
from holdfast.forecast.learning.purchases import LEAST_CHANCE
from holdfast.forecast.learning.seven import SEVEN
from holdfast.forecast.measures.scores import log_loss

DEFAULT = "as it is"

RIDGE = 1.0
"""How strongly learned weights are held to equal ones: hundredths of a nat of log loss per squared distance."""

SAME_VALUE = 0.99
"""A column with this share of one value (missing counts as one) is nearly constant."""

CORRELATED = 0.98
TOP = 40
SAMPLE = 5_000
"""Rows on which columns are compared."""

Variants = dict[str, Figures]
"""Variant -> its scores, the default among them."""


def parts(case: Case) -> Variants:
    """Every member of the blend left out, and each one alone."""
    found = {DEFAULT: case.judged(case.expected())}
    for name in CHANCE_MEMBERS:
        found[f"without {name}"] = case.judged(case.expected({n: v for n, v in case.said.items() if n != name}))
    for name in CHANCE_MEMBERS:
        others = set(CHANCE_MEMBERS) - {name}
        found[f"only {name}"] = case.judged(case.expected({n: v for n, v in case.said.items() if n not in others}))
    return found | {"only the purchase models": case.judged(case.expected({}))}


def levels(case: Case) -> Variants:
    """The level from each of its sources alone, and the one that only the future knows."""
    folds, own = case.model.level.folds, case.model.level
    recent = forecast_level([fold for fold in folds if not fold.last_year], customers=len(case.now))
    season = next((fold for fold in folds if fold.last_year), None)
    variants = {
        DEFAULT: own,
        "off: the purchase models' total": Level(0.0, 0.0, 0.0, Source.PURCHASES, folds),
        "recent folds alone": recent,
    }
    if season is not None:
        variants["last year alone"] = _taken(season, folds)
    found = {name: case.judged(case.expected(level=level)) for name, level in variants.items()}
    return found | {"known from the future": case.judged(_at_true_level(case))}


def weights(case: Case) -> tuple[Variants, dict[str, float]]:
    """Equal weights against those learned on the latest past date whose window is over; and these weights."""
    first_day = case.now.day - case.now.history_days
    fold = plan(first_day=first_day, as_of=case.now.day, horizon=case.task.horizon)[0]
    then = case.past.at(fold.day)
    config = replace(case.config, horizon=fold.window)
    outlook, _, said = opinions_at(fit(case.past, as_of=fold.day, config=config), then)
    bought = case.past.after(then, horizon=fold.window, known=case.now.day).bought
    learned = learned_weights(centred(said, float(outlook.p_order.mean())), bought.astype(np.float64))
    odds = centred(case.said, float(case.outlook.p_order.mean()))
    usual = case.expected()
    mixed = odds @ learned
    chance = expit(mixed + shift_to(mixed, float(usual.p_buy.mean())))
    variants = {DEFAULT: case.judged(usual), "learned weights": case.judged(with_chance(usual, chance))}
    return variants, dict(zip(CHANCE_MEMBERS, map(float, learned), strict=True))


def features(case: Case) -> tuple[Variants, dict[str, int]]:
    """Other columns for the members: the seven, no ranks, and two ways to select; and how many each one keeps."""
    lessons = lessons_of(case)
    found = {DEFAULT: case.trained(lessons, case.design)}
    kept = {DEFAULT: len(case.model.features)}
    plain = [replace(lesson, design=_without_ranks(lesson.design)) for lesson in lessons]
    found["without ranks"] = case.trained(plain, _without_ranks(case.design))
    kept["without ranks"] = len(case.model.features)
    for name, columns in (("no near-constant or twin columns", _unlike(lessons)), (f"top {TOP}", _top(case))):
        fewer = [replace(lesson, design=_only(lesson.design, columns)) for lesson in lessons]
        found[name] = case.trained(fewer, _only(case.design, columns))
        kept[name] = len([column for column in columns if column not in RANKED_MODELS])
    del lessons
    seven = _seven(case.past)
    names = sorted(seven.features_at(case.now.day).columns)
    today = design(seven.at(case.now.day), case.outlook, features=names)
    found["the seven features"] = case.trained(lessons_of(case, seven, features=names), today)
    return found, kept | {"the seven features": len(names)}


# --- level -----------------------------------------------------------------------------------------------------------


def _taken(fold: FoldLevel, folds: Sequence[FoldLevel]) -> Level:
    """What was measured at one fold, as it is."""
    return Level(fold.shift, fold.orders, fold.spend, Source.LAST_YEAR, tuple(folds))


def _at_true_level(case: Case) -> Expected:
    """The same ranking with the totals that came."""
    usual, came = case.expected(), case.outcomes
    odds = np.log(usual.p_buy / (1.0 - usual.p_buy))
    chance = np.clip(expit(odds + shift_to(odds, float(came.bought.mean()))), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    orders = usual.orders * (came.orders.sum() / usual.orders.sum())
    return Expected(chance, orders, usual.spend * (came.spend.sum() / usual.spend.sum()))


# --- weights ---------------------------------------------------------------------------------------------------------


def centred(said: Said, mean: float) -> Matrix:
    """The log-odds of CHANCE_MEMBERS, one column each, moved to one mean chance."""
    odds = [as_log_odds(said[name]) if name.startswith("orders") else said[name] for name in CHANCE_MEMBERS]
    return np.column_stack([one + shift_to(one, mean) for one in odds])


def learned_weights(odds: Matrix, bought: Vector) -> Vector:
    """The weights of least log loss, none negative, their sum 1, held to equal ones; the level is set anew for each."""
    equal = np.full(odds.shape[1], 1.0 / odds.shape[1])

    def loss(weight: Vector) -> float:
        mixed = odds @ weight
        missed = log_loss(bought > 0, expit(mixed + shift_to(mixed, float(bought.mean())))) or 0.0
        return missed * 100.0 + RIDGE * float(((weight - equal) ** 2).sum())

    bounds = [(0.0, 1.0)] * len(equal)
    whole = {"type": "eq", "fun": lambda weight: float(weight.sum()) - 1.0}
    found = minimize(loss, equal, method="SLSQP", bounds=bounds, constraints=[whole], options={"maxiter": 30})
    weight = np.clip(np.asarray(found.x, dtype=np.float64), 0.0, None)
    learned: Vector = weight / weight.sum()
    return learned


def with_chance(usual: Expected, chance: Vector) -> Expected:
    """The same forecast with other chances to order."""
    p_buy = np.clip(chance, LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    return Expected(p_buy, np.maximum(usual.orders, p_buy), usual.spend)


# --- features --------------------------------------------------------------------------------------------------------


def _only(seen: Design, names: Sequence[str]) -> Design:
    """The trees see these columns; the linear model keeps its own."""
    at = [seen.names.index(name) for name in names]
    return Design(tuple(names), seen.ranked[:, at], seen.plain[:, at], seen.scaled)


def _without_ranks(seen: Design) -> Design:
    return Design(seen.names, seen.plain, seen.plain, seen.scaled)


def _seven(past: Past) -> Past:
    def features_at(day: int) -> Features:
        found = past.features_at(day)
        columns = {name: found.columns[name] for name in SEVEN.values() if name in found.columns}
        return Features(found.keys, columns, found.ratios)

    return Past(features_at, past.order_days_at)


def _unlike(lessons: Sequence[Lesson]) -> list[str]:
    """The columns that vary, and of each group that ranks alike the first; the purchase models always stay."""
    table = np.vstack([lesson.design.plain for lesson in lessons])
    rows = table[np.linspace(0, len(table) - 1, min(SAMPLE, len(table))).astype(int)]
    names = lessons[0].design.names
    varying = [at for at in range(len(names)) if _most_common_share(rows[:, at]) <= SAME_VALUE]
    ranks = np.column_stack([rankdata(np.nan_to_num(rows[:, at], nan=-1e30)) for at in varying])
    alike = np.abs(np.corrcoef(ranks, rowvar=False)) > CORRELATED
    kept: list[int] = []
    for nth in range(len(varying)):
        if not alike[nth, kept].any():
            kept.append(nth)
    chosen = [names[varying[nth]] for nth in kept]
    return [name for name in chosen if name not in RANKED_MODELS] + list(RANKED_MODELS)


def _most_common_share(column: Columns) -> float:
    counts = np.unique(np.nan_to_num(column, nan=-1e30), return_counts=True)[1]
    return float(counts.max() / len(column))


def _top(case: Case) -> list[str]:
    """The columns of most gain over all trees, each set of trees counting alike; the purchase models always stay."""
    total = np.zeros(len(case.design.names))
    for trees in trained_members(case.model).trees.values():
        gain = np.asarray(trees.booster.feature_importance("gain"), dtype=np.float64)
        total += gain / max(float(gain.sum()), 1e-12)
    by_gain = [case.design.names[at] for at in np.argsort(-total, kind="stable")]
    return [name for name in by_gain if name not in RANKED_MODELS][:TOP] + list(RANKED_MODELS)
