"""Every line gets its fate: kept as a sale or a return, or rejected for the first reason that applies."""

from collections.abc import Sequence

from holdfast.cleaning.identity import find_repeated
from holdfast.cleaning.policy import Policy
from holdfast.cleaning.reasons import Reason
from holdfast.cleaning.reversals import match_returns
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql

MOSTLY = 0.9
"""Share of negative lines from which on a prefix of order ids means cancellation."""


def classify(engine: DuckEngine, policy: Policy, *, parsed: str, fields: Sequence[str], several_files: bool) -> None:
    """Judge every row of `parsed`, and leave three tables in the engine.

    `judged`: the rows with is_return, is_service and reason, NULL for what is kept or may be a return; everything after
    it reads this table, which is why it holds nothing that only a judgement needs. `undone`: the returns that found
    their sale (see `reversals.match_returns`). `lines`: as judged, with the final reason.
    """
    prefixes = _cancelling_prefixes(engine, policy, parsed)
    if several_files:
        find_repeated(engine, lines=parsed, keep_as="repeated")
    if policy.duplicates == "drop":
        engine.keep("duplicates", Query("duplicates", "one repeated row of a file", _duplicates(parsed)))
    judged = _judged(parsed, fields, policy, prefixes, several_files=several_files)
    engine.keep("judged", Query("judged_lines", "one row of a file", judged))
    match_returns(engine, lines="judged", keep_as="undone")
    final_reason = f"""
        SELECT * FROM judged WHERE NOT is_return UNION ALL
        SELECT j.* REPLACE (CASE WHEN j.reason IS NOT NULL THEN j.reason
            WHEN u.source IS NULL THEN {sql.text(Reason.RETURN_WITHOUT_SALE)} END AS reason)
        FROM judged AS j LEFT JOIN undone AS u ON j.source = u.source AND j.row_number = u.row_number
        WHERE j.is_return"""
    engine.define("lines", Query("classified_lines", "one row of a file", final_reason))


def needs_several_passes(policy: Policy, *, several_files: bool) -> bool:
    """Whether rows have to be compared with each other before they can be judged."""
    return several_files or policy.duplicates == "drop"


def count_duplicates(engine: DuckEngine, *, lines: str) -> int:
    """How many rows equal an earlier row of the same file in every column."""
    in_file = sql.row_hash(["source", "content"])
    surplus = f"SELECT COUNT(*) - COUNT(DISTINCT {in_file}) AS surplus FROM {lines}"
    return int(engine.rows(Query("count_duplicates", "all lines", surplus)).one()["surplus"])


def _cancelling_prefixes(engine: DuckEngine, policy: Policy, parsed: str) -> list[str]:
    """Those prefixes of the policy whose lines really are cancellations in these data."""
    if not policy.cancellation_prefixes or policy.cancellations == "keep":
        return []
    begins = [_begins_with(prefix) for prefix in policy.cancellation_prefixes]
    counts = ", ".join(
        f"{sql.count_where(begin)}, {sql.count_where(f'{begin} AND line_amount < 0')}" for begin in begins
    )
    any_of_them = f"SELECT {counts} FROM {parsed} WHERE {' OR '.join(begins)}"
    (row,) = engine.rows(Query("cancelling_prefixes", "all lines", any_of_them)).rows
    pairs = zip(policy.cancellation_prefixes, row[::2], row[1::2], strict=True)
    return [prefix for prefix, lines, negative in pairs if lines and negative >= MOSTLY * lines]


def _begins_with(prefix: str) -> Sql:
    """The order id is the prefix with a number behind it."""
    digit = f"substr(order_id, {len(prefix) + 1}, 1) BETWEEN '0' AND '9'"
    return Sql(f"({sql.starts_with_any('order_id', [prefix])} AND {digit})")


def _judged(parsed: str, fields: Sequence[str], policy: Policy, prefixes: Sequence[str], *, several_files: bool) -> str:
    """All that a line says by itself: whether it is a return, a service, and the reason to reject it if any."""
    prefixed = " OR ".join(_begins_with(prefix) for prefix in prefixes) or "FALSE"
    called_off = "cancelled_at IS NOT NULL" if "cancelled_at" in fields else "FALSE"
    undoes = "line_amount < 0 AND (is_cancellation OR COALESCE(quantity, -1) < 0)"
    is_return = f"NOT unreadable AND repeated IS NULL AND {undoes}" if policy.cancellations == "undo" else "FALSE"
    rows = _compared_rows(parsed, policy, several_files=several_files)
    kept = ", ".join(["source", "row_number", *map(sql.name, fields), "line_amount", "content"])
    return f"""
        SELECT {kept}, is_called_off, is_service, is_return, reason,
            reason IS NULL AND NOT is_return AND NOT is_called_off AND line_amount > 0 AS is_returnable
        FROM (
            SELECT *, {_reason(policy, fields)} AS reason
            FROM (
                SELECT *, COALESCE({is_return}, FALSE) AS is_return
                FROM (
                    SELECT *, COALESCE({prefixed}, FALSE) AS is_cancellation, {called_off} AS is_called_off,
                        COALESCE({_is_service(policy)}, FALSE) AS is_service
                    FROM ({rows}) AS compared
                ) AS marked
            ) AS directed
        ) AS reasoned"""


def _compared_rows(parsed: str, policy: Policy, *, several_files: bool) -> str:
    """The rows with what comparing them found: `repeated`, a reason or NULL, and `is_duplicate`."""
    repeated, joins = sql.cast("NULL", "VARCHAR"), ""
    if several_files:
        repeated, joins = Sql("r.reason"), " LEFT JOIN repeated AS r USING (source, row_number)"
    is_duplicate = "FALSE"
    if policy.duplicates == "drop":
        is_duplicate, joins = "d.source IS NOT NULL", joins + " LEFT JOIN duplicates AS d USING (source, row_number)"
    return f"SELECT p.*, {repeated} AS repeated, {is_duplicate} AS is_duplicate FROM {parsed} AS p{joins}"


def _reason(policy: Policy, fields: Sequence[str]) -> Sql:
    """The first reason that applies; whether a return has a sale is seen afterwards."""
    rules: list[tuple[str, Reason]] = [("unreadable", Reason.UNREADABLE)]
    if policy.without_customer == "drop":
        rules.append(("customer_id IS NULL", Reason.NO_CUSTOMER))
    if policy.cancellations == "drop":
        rules.append(("is_cancellation OR is_called_off", Reason.CANCELLED_INVOICE))
    if policy.cancellations == "undo":
        rules.append(("is_cancellation AND NOT is_return", Reason.CANCELLED_INVOICE))
        rules.append(("is_return AND customer_id IS NULL", Reason.RETURN_WITHOUT_SALE))
    if policy.non_positive == "drop":
        rules.append(("NOT is_return AND (quantity <= 0 OR line_amount < 0)", Reason.NON_POSITIVE))
    if policy.free_goods == "drop":
        rules.append(("line_amount = 0 AND NOT in_total", Reason.FREE_GOODS))
    if "order_status" in fields and (policy.keep_statuses or policy.drop_statuses):
        rules.append((f"NOT is_called_off AND NOT is_return AND {_wrong_status(policy)}", Reason.ORDER_STATUS))
    if policy.services == "drop":
        rules.append(("is_service AND NOT is_return", Reason.SERVICE_LINE))
    if policy.duplicates == "drop":
        rules.append(("is_duplicate AND NOT is_return", Reason.EXACT_DUPLICATE))
    whens = " ".join(f"WHEN {condition} THEN {sql.text(reason)}" for condition, reason in rules)
    return Sql(f"CASE WHEN repeated IS NOT NULL THEN repeated {whens} END")


def _is_service(policy: Policy) -> Sql:
    if policy.services == "keep" or not policy.service_codes:
        return Sql("FALSE")
    codes = [code.upper() for code in policy.service_codes if not code.endswith("*")]
    beginnings = [code.removesuffix("*") for code in policy.service_codes if code.endswith("*")]
    listed = ", ".join(sql.text(code) for code in codes)
    exact = f"upper(product_id) IN ({listed})" if codes else "FALSE"
    return Sql(f"({exact} OR {sql.starts_with_any('product_id', beginnings)})")


def _wrong_status(policy: Policy) -> Sql:
    """The status does not count; a line without status does."""
    chosen = policy.keep_statuses or policy.drop_statuses
    listed = ", ".join(sql.text(status.lower()) for status in chosen)
    return Sql(f"COALESCE(lower(order_status) {'NOT ' if policy.keep_statuses else ''}IN ({listed}), FALSE)")


def _duplicates(parsed: str) -> str:
    return f"""
        SELECT source, row_number FROM (
            SELECT source, row_number, row_number() OVER (PARTITION BY source, content ORDER BY row_number) AS nth
            FROM {parsed}
        ) AS numbered WHERE nth > 1"""
