"""What one row is: an order or a line of one; and whether what stands on it belongs to it or to the whole order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import ROW_NUMBER

PER_LINE_MONEY = ("amount", "shipping", "tax", "discount")
"""Money of a line; exports often write that of the whole order on each of its lines, and it would count repeatedly."""

ENOUGH = 20
"""Orders with several lines (or with a customer) below which a pattern may be chance."""

_NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class Grain:
    """What the rows of one table are.

    `orders` and `customers` are distinct ids (0 without such a column); `shared_orders` have lines of several
    customers. `repeated` fields hold the same amount on every line of an order. `carry_down` as in `tables.RawTable`.
    """

    rows: int
    orders: int = 0
    customers: int = 0
    orders_with_customer: int = 0
    shared_orders: int = 0
    rows_are_orders: bool = False
    carry_down: bool = False
    repeated: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`orders` or `lines`."""
        return "orders" if self.rows_are_orders else "lines"

    @property
    def customer_is_per_order(self) -> bool:
        """Whether no customer ever came back, as with ids that are made anew for each order."""
        return self.orders_with_customer >= ENOUGH and self.customers == self.orders_with_customer


def read_grain(engine: DuckEngine, table: str, mapping: Mapping[str, str]) -> Grain:
    """The grain of a bound table under a mapping (ours -> theirs)."""
    rows = int(engine.rows(Query("rows", "one row", f"SELECT COUNT(*) AS n FROM {sql.name(table)}")).one()["n"])
    if "order_id" not in mapping:
        return Grain(rows, rows_are_orders="product_id" not in mapping)
    seen = engine.rows(_of_orders(table, mapping)).one()
    has_product = "product_id" in mapping or "product_name" in mapping
    return Grain(
        rows=rows,
        orders=seen["orders"],
        customers=seen["customers"],
        orders_with_customer=seen["orders_with_customer"],
        shared_orders=seen["shared_orders"],
        rows_are_orders=not has_product and seen["rows_with_order"] == seen["orders"] == rows,
        carry_down=_is_written_once(seen),
        repeated=tuple(field for field in _money(mapping) if _is_repeated(seen, field)),
    )


def _money(mapping: Mapping[str, str]) -> Sequence[str]:
    return [field for field in PER_LINE_MONEY if field in mapping]


def _is_written_once(seen: Mapping[str, int]) -> bool:
    """Most orders of several lines fill a field on their first line only; a few blank cells elsewhere are damage."""
    only_on_first = seen["only_on_first"]
    return only_on_first > seen["orders_of_several_lines"] / 2 and seen["first_is_empty"] <= only_on_first / 100


def _is_repeated(seen: Mapping[str, int], field: str) -> bool:
    comparable, same = seen[f"{field}_comparable"], seen[f"{field}_same"]
    return comparable >= ENOUGH and same >= _NEARLY_ALL * comparable


def _of_orders(table: str, mapping: Mapping[str, str]) -> Query:
    """Counts over orders, from one row for each of them."""
    customer = _cell(mapping.get("customer_id"))
    columns = [
        "COUNT(*) AS lines",
        f"MIN({customer}) AS one_customer",
        f"MAX({customer}) AS other_customer",
        *(f"{_once(field, mapping)} AS {field}_place" for field in ("ordered_at", "customer_id")),
        *(f"{_spread(field, mapping)} AS {field}_spread" for field in _money(mapping)),
    ]
    order = _cell(mapping["order_id"])
    per_order = f"SELECT {', '.join(columns)} FROM {sql.name(table)} WHERE {order} IS NOT NULL GROUP BY {order}"
    counts = [
        "COUNT(*) AS orders",
        "COALESCE(SUM(lines), 0) AS rows_with_order",
        f"(SELECT COUNT(DISTINCT {customer}) FROM {sql.name(table)} WHERE {order} IS NOT NULL) AS customers",
        "COUNT(one_customer) AS orders_with_customer",
        f"{sql.count_where('one_customer <> other_customer')} AS shared_orders",
        f"{sql.count_where('lines > 1')} AS orders_of_several_lines",
        f"{sql.count_where(_either('first'))} AS only_on_first",
        f"{sql.count_where(_either('later'))} AS first_is_empty",
    ]
    for field in _money(mapping):
        comparable = f"lines > 1 AND {field}_spread IN ('same', 'different')"
        counts.append(f"{sql.count_where(comparable)} AS {field}_comparable")
        same = f"lines > 1 AND {field}_spread = 'same'"
        counts.append(f"{sql.count_where(same)} AS {field}_same")
    return Query("orders_seen", "one row", f"SELECT {', '.join(counts)} FROM ({per_order}) AS per_order")


def _once(field: str, mapping: Mapping[str, str]) -> Sql:
    """Where on an order's lines a field of the order stands: `all`, only from the `first` on, or only `later`."""
    cell = _cell(mapping.get(field))
    first = f"MIN({ROW_NUMBER}) FILTER (WHERE {cell} IS NOT NULL) = MIN({ROW_NUMBER})"
    return Sql(f"CASE WHEN COUNT({cell}) IN (0, COUNT(*)) THEN 'all' WHEN {first} THEN 'first' ELSE 'later' END")


def _either(place: str) -> str:
    return f"ordered_at_place = '{place}' OR customer_id_place = '{place}'"


def _spread(field: str, mapping: Mapping[str, str]) -> Sql:
    """Whether an amount that is there on every line of the order is the `same` on all, and not nothing."""
    cell = _cell(mapping[field])
    nothing = f"COUNT({cell}) < COUNT(*) OR COALESCE(MAX(TRY_CAST({cell} AS DOUBLE)), 1) = 0"
    return Sql(f"CASE WHEN {nothing} THEN 'none' WHEN MIN({cell}) = MAX({cell}) THEN 'same' ELSE 'different' END")


def _cell(column: str | None) -> Sql:
    """The trimmed text of a cell, NULL where it is empty or no column is mapped."""
    if column is None:
        return sql.cast("NULL", "VARCHAR")
    return Sql(f"NULLIF(trim(CAST({sql.name(column)} AS VARCHAR)), '')")
