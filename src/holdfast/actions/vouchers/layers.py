"""The history of vouchers in three layers: raw as it came, staged by the rules, published as counts.

The SQL is written in words that DuckDB and Snowflake share: texts are tried as dates and decimals, days are counted
between two DATEs (where engines agree), and nothing else is asked of them. So a layer made in a warehouse is the layer
made here, and a test compares the two.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from holdfast.actions.vouchers.history import Usage, VoucherUse
from holdfast.actions.vouchers.reasons import KEPT, Reason, VoucherPolicy
from holdfast.actions.vouchers.rules import FREQUENCY, RECENCY, VoucherRules
from holdfast.engine import Query, Rows
from holdfast.engine import dialect as sql

RAW, RULES, JUDGED = "voucher_raw", "voucher_rules", "voucher_judged"
STAGED, REJECTS, PUBLISHED = "voucher_staged", "voucher_rejects", "voucher_published"

FIELDS = ("timestamp", "country_code", "last_order_ts", "first_order_ts", "total_orders", "voucher_amount")
"""What a raw row says, each as text, beside its `row_number`."""

NOTHING = ("", "nan", "null", "none")
"""What programs write where they know nothing."""

MONEY = "DECIMAL(18,4)"


class Layering(Protocol):
    """What makes layers: DuckDB here, or a warehouse, in which `voucher_raw` is there already."""

    def keep(self, name: str, query: Query) -> int:
        """Make a table of a query; its rows."""

    def rows(self, query: Query) -> Rows:
        """The rows of a query."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Assignments with one fate; `amount` is what their vouchers were worth together, as far as it can be read."""

    reason: str
    rows: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Layers:
    """What was made: rows in = the rows of the ledger; `duplicates` rows equal an earlier one, and count."""

    ledger: tuple[LedgerEntry, ...]
    usage: Usage
    duplicates: int

    @property
    def rows_in(self) -> int:
        """All rows of the raw layer."""
        return sum(entry.rows for entry in self.ledger)

    @property
    def rows_kept(self) -> int:
        """The rows of the staged layer."""
        return sum(entry.rows for entry in self.ledger if entry.reason == KEPT)


def make_layers(engine: Layering, rules: VoucherRules, policy: VoucherPolicy, *, today: date) -> Layers:
    """Make all layers from `voucher_raw`, and hold what is small of them. Nothing is assigned after `today`."""
    engine.keep(RULES, _rules(rules))
    engine.keep(JUDGED, _judged(rules, policy, today))
    engine.keep(STAGED, _STAGED)
    engine.keep(REJECTS, _REJECTS)
    engine.keep(PUBLISHED, _PUBLISHED)
    order = [KEPT, *Reason]
    ledger = [LedgerEntry(str(reason), int(rows), _exact(amount)) for reason, rows, amount in engine.rows(_LEDGER).rows]
    uses = [
        VoucherUse(country, name, segment, _exact(amount), int(used))
        for country, name, segment, amount, used in engine.rows(_USAGE).rows
    ]
    (duplicates,) = engine.rows(_DUPLICATES).rows[0]
    return Layers(
        tuple(sorted(ledger, key=lambda entry: order.index(entry.reason))), Usage(tuple(uses)), int(duplicates)
    )


def _exact(amount: object) -> Decimal:
    """Money with its four places, which some engines leave out where they are zero."""
    return Decimal(str(amount)).quantize(Decimal("0.0001"))


# --- raw -> judged: every row typed, with the reason why it does not count ------------------------------------------


def _rules(rules: VoucherRules) -> Query:
    """The rule table, so that it stands beside the layers it made."""
    selects, parameters = [], dict[str, object]()
    for i, each in enumerate(rules.ranges):
        parameters |= {f"kind{i}": each.kind, f"segment{i}": each.segment, f"least{i}": each.least}
        most = "CAST(NULL AS BIGINT)" if each.most is None else f"CAST($most{i} AS BIGINT)"
        parameters |= {} if each.most is None else {f"most{i}": each.most}
        selects.append(
            f"SELECT CAST($kind{i} AS VARCHAR) AS kind, CAST($segment{i} AS VARCHAR) AS segment, "
            f"CAST($least{i} AS BIGINT) AS least, {most} AS most"
        )
    return Query("voucher_rules", "one range", " UNION ALL ".join(selects), parameters)


def _judged(rules: VoucherRules, policy: VoucherPolicy, today: date) -> Query:
    wanted = {f"country{i}": country for i, country in enumerate(rules.countries)}
    is_other = f"UPPER(country) NOT IN ({', '.join(f'UPPER(${name})' for name in wanted)})" if wanted else "FALSE"
    tests: list[tuple[Reason, str]] = [
        (Reason.NO_COUNTRY, "country IS NULL"),
        (Reason.OTHER_COUNTRY, is_other),
        (Reason.BLANK_TOTAL_ORDERS, "no_total_orders"),
        (Reason.BLANK_VOUCHER_AMOUNT, "no_voucher_amount"),
        (Reason.UNREADABLE, _UNREADABLE),
        (Reason.DATES_WITHOUT_ORDERS, "total_orders = 0 AND COALESCE(last_order_on, first_order_on) IS NOT NULL"),
        (Reason.LAST_BEFORE_FIRST, "last_order_on < first_order_on"),
    ]
    parameters: dict[str, object] = dict(wanted)
    if policy.drops_impossible_times:
        tests.append((Reason.ASSIGNED_BEFORE_LAST_ORDER, "assigned_on < last_order_on"))
        tests.append((Reason.ASSIGNED_IN_THE_FUTURE, "assigned_on > CAST($today AS DATE)"))
        parameters["today"] = today.isoformat()
    cases = " ".join(f"WHEN {condition} THEN {sql.text(reason)}" for reason, condition in tests)
    text = f"""
        SELECT row_number, {_spelling("country")} AS country, assigned_on, last_order_on, first_order_on, total_orders,
            voucher_amount, DATEDIFF('day', last_order_on, assigned_on) AS days_since_last_order,
            CASE {cases} END AS reason
        FROM ({_TYPED}) AS typed"""
    return Query("voucher_judged", "one assignment of the raw history", text, parameters)


def _spelling(country: str) -> str:
    """One way of writing for all, whatever rows have in capitals."""
    return f"MIN({country}) OVER (PARTITION BY UPPER({country}))"


def _blank(field: str) -> str:
    return f"LOWER(TRIM(COALESCE(r.{field}, ''))) IN ({', '.join(sql.text(word) for word in NOTHING)})"


def _filled(field: str) -> str:
    """The text of a cell without blanks around it; NULL where it says nothing."""
    return f"CASE WHEN NOT {_blank(field)} THEN TRIM(r.{field}) END"


def _day(field: str) -> str:
    """The day of a moment written as ISO 8601, whatever time of day follows; NULL for what is no day."""
    text = f"SUBSTR(TRIM(r.{field}), 1, 10)"
    return f"CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE) END"


def _number(field: str) -> str:
    return f"TRY_CAST(TRIM(r.{field}) AS {MONEY})"


_TYPED = f"""
    SELECT r.row_number, {_filled("country_code")} AS country,
        {_day("timestamp")} AS assigned_on, {_day("last_order_ts")} AS last_order_on,
        {_day("first_order_ts")} AS first_order_on,
        {_number("total_orders")} AS total_orders, {_number("voucher_amount")} AS voucher_amount,
        {_blank("total_orders")} AS no_total_orders, {_blank("voucher_amount")} AS no_voucher_amount,
        {_blank("last_order_ts")} AS no_last_order, {_blank("first_order_ts")} AS no_first_order
    FROM {RAW} AS r"""

_UNREADABLE = """
    assigned_on IS NULL OR COALESCE(total_orders, -1) < 0 OR total_orders <> FLOOR(total_orders)
    OR total_orders > 1000000 OR COALESCE(voucher_amount, -1) < 0 OR voucher_amount >= 1000000000
    OR (last_order_on IS NULL AND (NOT no_last_order OR total_orders > 0))
    OR (first_order_on IS NULL AND NOT no_first_order)"""
"""A day that is needed, or stands there and is none; a number that is none, below zero, or too large to be meant."""


# --- judged -> staged -> published -----------------------------------------------------------------------------------


def _in_range(value: str, kind: str, rules: str) -> str:
    return f"{rules}.kind = {sql.text(kind)} AND {value} BETWEEN {rules}.least AND COALESCE({rules}.most, {value})"


_STAGED = Query(
    "voucher_staged",
    "one assignment that counts",
    f"""
    SELECT j.row_number, j.country, j.assigned_on, j.last_order_on, j.first_order_on,
        CAST(j.total_orders AS BIGINT) AS total_orders, j.days_since_last_order, j.voucher_amount,
        f.segment AS frequent_segment, d.segment AS recency_segment
    FROM {JUDGED} AS j
    LEFT JOIN {RULES} AS f ON {_in_range("j.total_orders", FREQUENCY, "f")}
    LEFT JOIN {RULES} AS d ON {_in_range("j.days_since_last_order", RECENCY, "d")}
    WHERE j.reason IS NULL ORDER BY j.row_number""",
)

_REJECTS = Query(
    "voucher_rejects",
    "one assignment that does not count, as it came",
    f"""
    SELECT r.row_number, j.reason, {", ".join(f"r.{field}" for field in FIELDS)}
    FROM {RAW} AS r JOIN {JUDGED} AS j ON r.row_number = j.row_number
    WHERE j.reason IS NOT NULL ORDER BY r.row_number""",
)

_COUNTED = f"""
    SELECT country, 'frequent_segment' AS segment_name, frequent_segment AS segment, voucher_amount FROM {STAGED}
    UNION ALL
    SELECT country, 'recency_segment', recency_segment, voucher_amount FROM {STAGED}
    UNION ALL
    SELECT country, 'country', country, voucher_amount FROM {STAGED}"""

_PUBLISHED = Query(
    "voucher_published",
    "one amount in one segment of one country; segment NULL: outside the rules",
    f"""
    SELECT country, segment_name, segment, voucher_amount, used, n, CAST(used AS DOUBLE) / n AS share,
        ROW_NUMBER() OVER (
            PARTITION BY country, segment_name, segment ORDER BY used DESC, voucher_amount
        ) AS place
    FROM (
        SELECT country, segment_name, segment, voucher_amount, CAST(COUNT(*) AS BIGINT) AS used,
            CAST(SUM(COUNT(*)) OVER (PARTITION BY country, segment_name, segment) AS BIGINT) AS n
        FROM ({_COUNTED}) AS counted GROUP BY country, segment_name, segment, voucher_amount
    ) AS summed ORDER BY country, segment_name, segment, place""",
)

_USAGE = Query(
    "voucher_usage",
    "one amount in one segment of one country",
    f"""SELECT country, segment_name, segment, voucher_amount, used FROM {PUBLISHED}
    ORDER BY country, segment_name, segment, place""",
)

_LEDGER = Query(
    "voucher_ledger",
    "one fate",
    f"""SELECT COALESCE(reason, {sql.text(KEPT)}) AS fate, COUNT(*) AS n, COALESCE(SUM(voucher_amount), 0) AS amount
    FROM {JUDGED} GROUP BY reason""",
)

_DUPLICATES = Query(
    "voucher_duplicates",
    "one row",
    f"""SELECT COALESCE(SUM(times - 1), 0) AS surplus FROM (
        SELECT COUNT(*) AS times FROM {RAW} AS r GROUP BY {", ".join(f"r.{field}" for field in FIELDS)}
    ) AS repeated""",
)
