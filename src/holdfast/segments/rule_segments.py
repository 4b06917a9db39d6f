"""Customers counted by rule segments: members, revenue, overlap, and who is in none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.segments.rules import RuleSet
from holdfast.segments.summary import GROUPED, share
from holdfast.units import to_cents


@dataclass(frozen=True, slots=True)
class RuleSegment:
    """One segment; revenue in the shop's currency, to the cent; no share where the shop has no revenue."""

    name: str
    kind: str
    sentence: str
    customers: int
    revenue: Decimal
    revenue_share: float | None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """Segments in the order of the file; `overlap[i][j]` customers are in both i and j; `outside` are in none."""

    segments: tuple[RuleSegment, ...]
    overlap: tuple[tuple[int, ...], ...]
    outside: int
    outside_revenue: Decimal
    notes: tuple[str, ...]


def count_rules(engine: DuckEngine, rules: RuleSet, *, table: str = GROUPED) -> RuleResult:
    """Count every segment in one pass over `table`, one row per customer with net_revenue."""
    patterns = [(row[:-2], int(row[-2]), Decimal(row[-1])) for row in engine.rows(_patterns(rules, table)).rows]
    every = range(len(rules.rules))
    total = sum((revenue for _, _, revenue in patterns), Decimal(0))

    def customers_in(*segments: int) -> int:
        return sum(customers for is_in, customers, _ in patterns if all(is_in[i] for i in segments))

    def revenue_in(segment: int) -> Decimal:
        return sum((revenue for is_in, _, revenue in patterns if is_in[segment]), Decimal(0))

    return RuleResult(
        segments=tuple(
            RuleSegment(
                rule.name,
                rule.kind,
                rule.sentence,
                customers_in(i),
                to_cents(revenue_in(i)),
                share(revenue_in(i), total),
            )
            for i, rule in enumerate(rules.rules)
        ),
        overlap=tuple(tuple(customers_in(i, j) for j in every) for i in every),
        outside=sum(customers for is_in, customers, _ in patterns if not any(is_in)),
        outside_revenue=to_cents(sum((revenue for is_in, _, revenue in patterns if not any(is_in)), Decimal(0))),
        notes=(*rules.notes, *_shared(rules, customers_in)),
    )


def _shared(rules: RuleSet, customers_in: Callable[[int, int], int]) -> Iterator[str]:
    """A note for each two segments of one kind that share customers."""
    for (i, one), (j, other) in combinations(enumerate(rules.rules), 2):
        if one.kind and one.kind == other.kind and customers_in(i, j):
            yield f"Customers in both {one.name} and {other.name}, of one kind ({one.kind}): {customers_in(i, j)}."


def members(rules: RuleSet, *, table: str = GROUPED) -> Query:
    """The customers of `table` with a column rule_segment, once for each segment they are in."""
    selects, parameters = [], dict[str, object]()
    for i, rule in enumerate(rules.rules):
        condition, values = rule.sql(f"rule{i}")
        selects.append(f"SELECT *, $rule{i}_name AS rule_segment FROM {sql.name(table)} WHERE {condition}")
        parameters |= values | {f"rule{i}_name": rule.name}
    return Query("rule_members", "one customer in one rule segment", " UNION ALL ".join(selects), parameters)


def _patterns(rules: RuleSet, table: str) -> Query:
    """How many customers are in exactly this combination of segments."""
    columns, parameters = [], dict[str, object]()
    for i, rule in enumerate(rules.rules):
        condition, values = rule.sql(f"rule{i}")
        columns.append(f"{condition} AS in_{i}")
        parameters |= values
    names = ", ".join(f"in_{i}" for i in range(len(rules.rules)))
    return Query(
        "rule_patterns",
        "one combination of segments",
        f"""
        SELECT {names}, COUNT(*) AS customers, SUM(net_revenue) AS revenue
        FROM (SELECT {", ".join(columns)}, net_revenue FROM {sql.name(table)}) AS marked
        GROUP BY {names}
        """,
        parameters,
    )
