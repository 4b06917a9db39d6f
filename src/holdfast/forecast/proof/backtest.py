"""If you had used us last year: the whole forecast repeated on past dates, and held against what came.

Every date is trained from scratch on what was known then. The figures of all dates together are plain means of the
dates; reliability, coverage and the threshold join their customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from holdfast.errors import InputError
from holdfast.forecast.arrays import Vector
from holdfast.forecast.days import day_date
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.level import Source
from holdfast.forecast.measures.bootstrap import Comparison, compare
from holdfast.forecast.measures.chosen_threshold import ChosenThreshold, CostAssumptions, Judged, choose_threshold
from holdfast.forecast.measures.comparison import MethodRow, comparison_table
from holdfast.forecast.measures.gain_curve import GainPoint, gain_curves
from holdfast.forecast.measures.reliability import Coverage, ReliabilityBin, reliability, share, spend_coverage
from holdfast.forecast.measures.scores import Scores, expected_calibration_error, score, score_ranking
from holdfast.forecast.model import ForecastConfig, Progress
from holdfast.forecast.past import Past
from holdfast.forecast.proof.baselines import METHODS, SIMPLE_RULES, Method, Opinion
from holdfast.forecast.proof.grade import Grade, Graded, grade
from holdfast.forecast.proof.remembered import Remembered
from holdfast.forecast.proof.replay import OURS, Replayed, replay
from holdfast.forecast.proof.replay_dates import PastDates, choose_dates
from holdfast.forecast.readiness import State
from holdfast.forecast.wording import counted, percent

DATES = 3
RULE = "recency rule"
"""The rule that the grade and the sentence hold the forecast against: most shops use it already."""

NOT_COMPARED = frozenset({"random"})
"""What everything beats needs no interval."""


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the shop in the window, expected and actual; `bias` = expected / actual - 1, None without any."""

    expected: float
    actual: float
    bias: float | None


@dataclass(frozen=True, slots=True)
class PastDate:
    """One past date (a day number): what was known, what was said, and how good it was, method by method.

    `level` is where the total came from, `level_words` also how far last year was followed.
    """

    day: int
    history_days: int
    customers: int
    buyers: int
    state: State
    season_known: bool
    folds: int
    level: Source
    level_words: str
    orders: Total
    spend: Total
    scores: Mapping[str, Scores]
    reliability: tuple[ReliabilityBin, ...]
    spend_coverage: Coverage


@dataclass(frozen=True, slots=True)
class RuleGrade:
    """The forecast against one of the simple rules."""

    rule: str
    graded: Graded


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the past dates (latest first) show; `reason` says why they are fewer or closer than asked for, or "".

    `table` has one row per method, and `gain` its curve. `graded` is against the recency rule, `rules` against each
    simple rule. Without any date, `ece`, `spend_coverage` and `threshold` are None and `sentence` says what is needed.
    """

    as_of: int
    horizon: int
    dates: tuple[PastDate, ...]
    spacing: int | None
    reason: str
    table: tuple[MethodRow, ...]
    graded: Graded
    rules: tuple[RuleGrade, ...]
    reliability: tuple[ReliabilityBin, ...]
    ece: float | None
    spend_coverage: Coverage | None
    threshold: ChosenThreshold | None
    sentence: str
    gain: Mapping[str, tuple[GainPoint, ...]] = field(default_factory=dict)

    @property
    def scores(self) -> Scores | None:
        """The mean scores of the forecast itself over the past dates; None without any."""
        return next((row.scores for row in self.table if row.method == OURS), None)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, lists and texts; days also as dates."""
        stored = asdict(self)
        stored["as_of_date"] = day_date(self.as_of).isoformat()
        for date in stored["dates"]:
            date["date"] = day_date(date["day"]).isoformat()
        return stored


def backtest(
    past: Past,
    *,
    as_of: int,
    config: ForecastConfig,
    dates: int = DATES,
    methods: Mapping[str, Method] = METHODS,
    costs: CostAssumptions | None = None,
    progress: Progress = lambda _step, _done: None,
) -> Backtest:
    """Repeat the forecast on `dates` past dates and score it beside `methods`, with what is known on day `as_of`.

    A history too short for any past date is no error: the answer is "cannot tell". `costs` are those of a wrong
    decision, by default CostAssumptions(). Raises InputError if nobody had ordered by then, for fewer than one date,
    or without the recency rule among the methods.
    """
    _check(dates, methods)
    chosen = choose_dates(first_day=past.first_day(as_of), as_of=as_of, horizon=config.horizon, dates=dates)
    if not chosen.days:
        return _untold(as_of, config.horizon, chosen)
    remembered, n = Remembered(past), len(chosen.days)
    replayed = []
    with threadpool_limits(limits=1):  # threads that wait for each other cost more than they bring
        for nth, day in enumerate(chosen.days):

            def of_date(step: str, done: float, nth: int = nth) -> None:
                progress(f"Past date {nth + 1} of {n}: {step[:1].lower()}{step[1:]}", 0.95 * (nth + done) / n)

            replayed.append(replay(remembered, day=day, known=as_of, config=config, methods=methods, progress=of_date))
        progress("Comparing", 0.95)
        return _judged(replayed, as_of=as_of, config=config, chosen=chosen, costs=costs or CostAssumptions())


# --- the answer ------------------------------------------------------------------------------------------------------


def _judged(
    replayed: Sequence[Replayed], *, as_of: int, config: ForecastConfig, chosen: PastDates, costs: CostAssumptions
) -> Backtest:
    found = tuple(_past_date(each) for each in replayed)
    against = [name for name in replayed[0].opinions if name != OURS and name not in NOT_COMPARED]
    replays = [each.as_replay() for each in replayed]
    comparisons = compare(replays, method=OURS, against=against, seed=config.seed)
    table = comparison_table([date.scores for date in found], comparisons)
    rules = _grades(comparisons, found, config.horizon)
    bought = np.concatenate([each.outcomes.bought for each in replayed])
    p_buy = np.concatenate([each.forecasts.p_buy for each in replayed])
    judged = [Judged(each.outcomes.bought, each.churn_probability, each.spend_if_staying) for each in replayed]
    return Backtest(
        as_of=as_of,
        horizon=config.horizon,
        dates=found,
        spacing=chosen.spacing,
        reason=chosen.reason,
        table=table,
        graded=next(each.graded for each in rules if each.rule == RULE),
        rules=rules,
        reliability=reliability(bought, p_buy),
        ece=expected_calibration_error(bought, p_buy),
        spend_coverage=_joined_coverage([date.spend_coverage for date in found]),
        threshold=choose_threshold(judged, usual_order=replayed[0].usual_order, assumptions=costs),
        sentence=backtest_sentence(table, dates=len(found), horizon=config.horizon),
        gain=gain_curves([(each.outcomes.spend, _spend_rankings(each)) for each in replayed]),
    )


def _spend_rankings(replayed: Replayed) -> dict[str, Vector]:
    """By what each method would have listed the customers for the sake of their spend."""
    return {name: opinion.said.spend_ranking for name, opinion in replayed.opinions.items()}


def _past_date(replayed: Replayed) -> PastDate:
    outcomes, forecasts = replayed.outcomes, replayed.forecasts
    return PastDate(
        day=replayed.day,
        history_days=replayed.history_days,
        customers=len(outcomes),
        buyers=int(outcomes.bought.sum()),
        state=replayed.model.readiness.state,
        season_known=replayed.model.readiness.season_known,
        folds=len(replayed.model.level.folds),
        level=replayed.model.level.source,
        level_words=replayed.model.level.words,
        orders=_total(float(forecasts.e_orders.sum()), float(outcomes.orders.sum())),
        spend=_total(float(forecasts.e_spend.sum()), float(outcomes.spend.sum())),
        scores={name: score_opinion(opinion, outcomes) for name, opinion in replayed.opinions.items()},
        reliability=reliability(outcomes.bought, forecasts.p_buy),
        spend_coverage=spend_coverage(
            outcomes, p_buy=forecasts.p_buy, spend_p10=forecasts.spend_p10, spend_p90=forecasts.spend_p90
        ),
    )


def score_opinion(opinion: Opinion, outcomes: Outcomes) -> Scores:
    """The scores of one method at one date; what it did not say is not scored. Captured spend is by its own ranking."""
    said = opinion.said
    if said.p_buy is not None:
        return score(outcomes, p_buy=said.p_buy, e_orders=opinion.e_orders, e_spend=opinion.e_spend)
    ranked = score_ranking(outcomes, said.ranking)
    if opinion.e_spend is None:
        return ranked
    amounts = score(outcomes, e_orders=opinion.e_orders, e_spend=opinion.e_spend)
    return _with_amounts(ranked, amounts)


def backtest_sentence(table: Sequence[MethodRow], *, dates: int, horizon: int) -> str:
    """What the top of the list held on the past dates, against the recency rule and chance."""
    held = {row.method: row.scores for row in table}
    ours, rule = held[OURS], held[RULE]
    opening = f"On {counted(dates, 'past date')} the top 10 % held"
    if ours.captured_spend is not None and rule.captured_spend is not None:
        found = f"{percent(ours.captured_spend)} of next-{horizon}-day spend"
        return f"{opening} {found}; {SIMPLE_RULES[RULE]} {percent(rule.captured_spend)}; random 10 %."
    if ours.captured_buyers is not None and rule.captured_buyers is not None:
        found = f"{percent(ours.captured_buyers)} of those who ordered in the next {counted(horizon, 'day')}"
        return f"{opening} {found}; {SIMPLE_RULES[RULE]} {percent(rule.captured_buyers)}; random 10 %."
    when = f"in the {counted(horizon, 'day')} after the {counted(dates, 'past date')}"
    return f"Cannot tell, because nobody ordered {when}; you need a past date with orders on both sides of it."


def _grades(comparisons: Sequence[Comparison], dates: Sequence[PastDate], horizon: int) -> tuple[RuleGrade, ...]:
    customers, buyers = sum(date.customers for date in dates), sum(date.buyers for date in dates)
    return tuple(
        RuleGrade(
            each.against,
            grade(each, rule=SIMPLE_RULES[each.against], horizon=horizon, customers=customers, buyers=buyers),
        )
        for each in comparisons
        if each.against in SIMPLE_RULES
    )


def _with_amounts(ranked: Scores, amounts: Scores) -> Scores:
    return replace(
        ranked,
        orders=amounts.orders,
        spend=amounts.spend,
        captured_spend=amounts.captured_spend,
        gain_spend=amounts.gain_spend,
    )


def _joined_coverage(dates: Sequence[Coverage]) -> Coverage:
    whole = sum(date.inside.whole for date in dates)
    below, inside, above = (
        share(sum(getattr(date, part).part for date in dates), whole) for part in ("below", "inside", "above")
    )
    return Coverage(below, inside, above)


def _total(expected: float, actual: float) -> Total:
    return Total(expected, actual, expected / actual - 1 if actual > 0 else None)


# --- dates -----------------------------------------------------------------------------------------------------------


def _check(dates: int, methods: Mapping[str, Method]) -> None:
    if dates < 1:
        raise InputError("There is nothing to try.", seen=f"{dates} past dates.", todo="Ask for at least one.")
    if RULE not in methods:
        raise InputError(
            "The rule to beat is missing.", seen=f"Methods: {', '.join(methods)}.", todo=f"Add the {RULE} to them."
        )


def _untold(as_of: int, horizon: int, chosen: PastDates) -> Backtest:
    why = f"because {chosen.reason}."
    graded = Graded(Grade.CANNOT_TELL, f"Cannot tell whether this is better than {SIMPLE_RULES[RULE]}, {why}")
    return Backtest(
        as_of, horizon, (), None, chosen.reason, (), graded, (), (), None, None, None, f"Cannot tell, {why}"
    )
