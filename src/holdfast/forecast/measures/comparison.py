"""Methods side by side: the scores of each over all past dates, and how far ours is ahead, with an interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from holdfast.forecast.measures.bootstrap import Comparison, Difference
from holdfast.forecast.measures.scores import Scores, TotalScores


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method: its mean scores over the past dates, and ours minus its own on the same resampled customers.

    The differences are None for ours, and where they cannot be told.
    """

    method: str
    scores: Scores
    auc_difference: Difference | None = None
    log_loss_difference: Difference | None = None
    captured_spend_difference: Difference | None = None


def comparison_table(
    by_date: Sequence[Mapping[str, Scores]], comparisons: Sequence[Comparison]
) -> tuple[MethodRow, ...]:
    """One row per method, in the order in which the dates name them."""
    against = {comparison.against: comparison for comparison in comparisons}
    rows = []
    for method in by_date[0] if by_date else ():
        scores = mean_scores([scores_of_date[method] for scores_of_date in by_date])
        found = against.get(method)
        rows.append(
            MethodRow(method, scores, found.auc, found.log_loss, found.captured_spend)
            if found
            else MethodRow(method, scores)
        )
    return tuple(rows)


def mean_scores(dates: Sequence[Scores]) -> Scores:
    """The plain mean of every score over the dates that have it, as the bootstrap takes it; customers are added up."""
    customers, buyers = sum(each.customers for each in dates), sum(each.buyers for each in dates)
    names = [field.name for field in fields(Scores) if field.name not in _NOT_AVERAGED]
    means = {name: _mean([getattr(each, name) for each in dates]) for name in names}
    orders = mean_totals([each.orders for each in dates if each.orders])
    spend = mean_totals([each.spend for each in dates if each.spend])
    return Scores(customers, buyers, buyers / customers if customers else None, **means, orders=orders, spend=spend)


def mean_totals(dates: Sequence[TotalScores]) -> TotalScores | None:
    """The same for scores of counts or money; None without any."""
    if not dates:
        return None
    return TotalScores(
        **{field.name: _mean([getattr(each, field.name) for each in dates]) for field in fields(TotalScores)}
    )


_NOT_AVERAGED = frozenset({"customers", "buyers", "base_rate", "orders", "spend"})


def _mean(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return sum(told) / len(told) if told else None
