"""Segments of a view: who is in one, what a rule would hold, and where somebody who is posted belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError, NotFoundError
from holdfast.segments import VOUCHER_RANGES, RfmCutoffs, count_rules, parse_rules, score
from holdfast.segments.rfm_grid import DEFAULT_GROUPS, EIGHT_GROUPS, RfmScores, rank_cutoffs
from holdfast.segments.rule_segments import RuleResult
from holdfast.segments.rules import OneOf, Range, Rule, RuleSet
from holdfast.segments.summary import share
from holdfast.workflows.listing import GROUPED, Asked
from holdfast.workflows.opened_views import View

GROUPINGS = ("risk_band", "rfm_group", "rfm_group_eight", "archetype")
RULES = "rule"
"""The grouping by rules, in which a customer may be in several segments or in none."""

FEWEST_TO_RANK = 5
"""Scores go from 1 to 5, so fewer customers cannot be ranked among themselves."""

RFM_COLUMNS = {"recency": "days_since_last_order", "frequency": "order_count", "monetary": "net_revenue"}


def members(view: View, grouping: str, name: str, asked: Asked) -> Asked:
    """The customers of a segment, as a list; NotFoundError for a grouping or a segment that is not there."""
    if grouping == RULES:
        rules = parse_rules(VOUCHER_RANGES, columns=view.types).rules
        return replace(asked, rule=_named(name, {rule.name: rule for rule in rules}, "rule segment"))
    if grouping not in GROUPINGS:
        raise NotFoundError(
            f"There is no grouping {grouping[:80]!r}.",
            seen=f"There are {', '.join((*GROUPINGS, RULES))}.",
            todo="Name one of these.",
        )
    with view.engine() as engine:
        query = Query("names", "one segment", f"SELECT DISTINCT {grouping} FROM {GROUPED}")
        names = {str(row[0]): None for row in engine.rows(query).rows}
    _named(name, names, grouping)
    return replace(asked, where=(*asked.where, f"{grouping}={name}"))


def _named(name: str, there: Mapping[str, Any], what: str) -> Any:
    if name not in there:
        raise NotFoundError(
            f"There is no {what} {name[:80]!r}.",
            seen=f"There are {', '.join(sorted(there))}.",
            todo="Name one of these.",
        )
    return there[name]


# --- rules that are tried out ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Previewed:
    """A rule segment as it would be: in words, its share of customers, and how many of them are in other groups."""

    sentence: str
    customer_share: float | None
    groups: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """Rule segments as they would be; `previewed` are in the order of `result.segments`."""

    result: RuleResult
    previewed: tuple[Previewed, ...]


def preview(view: View, written: Mapping[str, Any]) -> Preview:
    """What the segments of a rule file would hold, without keeping it; PolicyError where it cannot be used."""
    rules = parse_rules(written, columns=view.types)
    with view.engine() as engine:
        result = count_rules(engine, rules, table=GROUPED)
        groups = [_groups_in(engine, rule) for rule in rules.rules]
    return Preview(result, tuple(_previewed(view, rules, result, at, groups[at]) for at in range(len(rules.rules))))


def _previewed(
    view: View, rules: RuleSet, result: RuleResult, at: int, groups: Mapping[str, Mapping[str, int]]
) -> Previewed:
    found, rule = result.segments[at], rules.rules[at]
    part = share(found.customers, view.facts.customers)
    told = rule.sentence or f"{in_words(rule)}."
    of_all = "" if part is None else f" ({part:.1%} of all)"
    worth = "" if found.revenue_share is None else f" with {found.revenue_share:.1%} of revenue"
    count = f"{found.customers:,} customer{'' if found.customers == 1 else 's'}"
    return Previewed(f"{count}{of_all}{worth}: {told}", part, groups)


def in_words(rule: Rule) -> str:
    """The conditions of a rule as a person would say them."""
    return " and ".join(_condition_in_words(condition) for condition in rule.conditions)


def _condition_in_words(condition: Range | OneOf) -> str:
    if isinstance(condition, OneOf):
        return f"{condition.column} is {' or '.join(map(str, condition.values))}"
    least, most = condition.least, condition.most
    if least is not None and most is not None:
        return f"{condition.column} from {least:,g} to {most:,g}"
    return f"{condition.column} at least {least:,g}" if least is not None else f"{condition.column} at most {most:,g}"


def _groups_in(engine: DuckEngine, rule: Rule) -> dict[str, dict[str, int]]:
    """How many customers of a rule are in each risk band and RFM group."""
    condition, values = rule.sql("rule")
    columns = ("risk_band", "rfm_group")
    text = f"SELECT {', '.join(columns)}, COUNT(*) AS n FROM {GROUPED} WHERE {condition} GROUP BY ALL"
    found = engine.rows(Query("groups_of_rule", "one risk band and RFM group", text, values)).dicts()
    counted: dict[str, dict[str, int]] = {column: {} for column in columns}
    for row in found:
        for column in columns:
            counted[column][row[column]] = counted[column].get(row[column], 0) + row["n"]
    return counted


# --- somebody who is posted ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """Where posted customers belong; `cutoffs_from` is "request", "shop" or "posted customers"."""

    scores: RfmScores
    groups: tuple[str, ...]
    groups_eight: tuple[str, ...]
    cutoffs: RfmCutoffs | None
    cutoffs_from: str | None


def place_features(
    posted: Sequence[tuple[float, float, float]], *, cutoffs: RfmCutoffs | None, shop: RfmCutoffs | None
) -> Placed:
    """The RFM groups of customers given as recency in days, orders and money.

    Scored by the cut-offs that are given, else by those of the shop, else by their ranks among themselves.
    """
    columns = {name: np.array([row[at] for row in posted]) for at, name in enumerate(RFM_COLUMNS.values())}
    chosen, source = cutoffs or shop, "request" if cutoffs else "shop"
    if chosen is None:
        if len(posted) < FEWEST_TO_RANK:
            raise InputError(
                "There is nothing to compare these customers with.",
                seen=f"{len(posted)} of them, no cut-offs, and no customers in the shop.",
                todo=f"Send `cutoffs`, or at least {FEWEST_TO_RANK} customers, who are then ranked among themselves.",
            )
        chosen, source = rank_cutoffs(columns), "posted customers"
    return _placed(score(columns, cutoffs=chosen), chosen, source)


def place_scores(posted: Sequence[tuple[int, int, int]]) -> Placed:
    """The RFM groups of customers whose scores are known."""
    r, f, m = (np.array([row[at] for row in posted], dtype=np.int64) for at in range(3))
    return _placed(RfmScores(r, f, m), None, None)


def _placed(scores: RfmScores, cutoffs: RfmCutoffs | None, source: str | None) -> Placed:
    return Placed(
        scores,
        tuple(map(str, DEFAULT_GROUPS.groups(scores))),
        tuple(map(str, EIGHT_GROUPS.groups(scores))),
        cutoffs,
        source,
    )


def cutoffs_of(view: View | None) -> RfmCutoffs | None:
    """The cut-offs of a shop's own ranks."""
    return RfmCutoffs(**{name: tuple(cuts) for name, cuts in view.facts.rfm_cutoffs.items()}) if view else None
