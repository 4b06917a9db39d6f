"""Tables for other programs, as CSV or Parquet, with the shop's own ids in place of our keys."""

from datetime import date
from pathlib import Path

from holdfast.cleaning import Reason
from holdfast.engine import DuckEngine, Query, Rows
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, NotFoundError
from holdfast.store import Dataset
from holdfast.tables import ROW_NUMBER, RawTable
from holdfast.workflows.customers import grouped_customers, write_customers
from holdfast.workflows.importing import list_imports
from holdfast.workflows.shop import Progress, Shop, no_progress

TABLES = ("customers", "orders", "lines", "segments")

_ORDERS = """
    SELECT c.customer_id, o.* EXCLUDE (customer_key, order_key, day)
    FROM orders AS o LEFT JOIN customers AS c USING (customer_key) ORDER BY o.order_key"""

_LINES = """
    SELECT c.customer_id, o.order_id, l.ordered_at, p.product_id, p.product_name, l.quantity, l.unit_price, l.amount,
        l.is_service, FALSE AS is_return, l.reversed_at, l.seller, l.discount, l.cost, l.tax, l.shipping
    FROM order_lines AS l JOIN orders AS o USING (order_key)
    LEFT JOIN customers AS c ON l.customer_key = c.customer_key LEFT JOIN products AS p USING (product_key)
    UNION ALL
    SELECT c.customer_id, o.order_id, r.returned_at, p.product_id, p.product_name, r.quantity, NULL, r.amount,
        COALESCE(p.is_service, FALSE), TRUE, NULL, NULL, NULL, NULL, NULL, NULL
    FROM returns AS r JOIN orders AS o USING (order_key)
    LEFT JOIN customers AS c ON r.customer_key = c.customer_key LEFT JOIN products AS p USING (product_key)
    ORDER BY ordered_at, order_id, product_id"""

_SEGMENTS = "SELECT customer_id, risk_band, r_score, f_score, m_score, fm_score, rfm_group, rfm_group_eight, archetype"


def export(
    shop: Shop,
    table: str,
    out: Path,
    *,
    as_of: str | date | None = None,
    exact: bool = False,
    progress: Progress = no_progress,
) -> int:
    """Write one of `TABLES` to a .csv or .parquet file; returns its rows. customers and segments are as of a date.

    `exact` leaves texts in CSV as they are which a spreadsheet would take for formulas.
    """
    if table not in TABLES:
        raise NotFoundError(
            f"There is no table {table!r} to export.", seen=f"There are {', '.join(TABLES)}.", todo="Name one of these."
        )
    check_format(out)
    if table == "customers":
        return write_customers(shop, out, as_of=as_of, sort="customer_id", exact=exact, progress=progress)[0]
    if table == "segments":
        with grouped_customers(shop, as_of=as_of, progress=progress) as grouped:
            text = f"{_SEGMENTS} FROM customers_grouped ORDER BY customer_id"
            return grouped.engine.write(Query("segments", "one customer", text), out, exact=exact)
    with shop.stage() as (engine, _):
        return engine.write(Query(table, "see tables", {"orders": _ORDERS, "lines": _LINES}[table]), out, exact=exact)


def write_rejects(
    shop: Shop,
    out: Path,
    *,
    reason: str | None = None,
    import_id: str | None = None,
    exact: bool = False,
) -> int:
    """Write rejected rows as they came, with file, row, reason, column, seen and expected in front; returns their n."""
    check_format(out)
    with shop.stage() as (engine, dataset):
        _check_rejects(dataset, reason, import_id)
        tables = [
            (record.id, table) for record in list_imports(shop) for table in record.tables if table.content == "lines"
        ]
        chosen = [
            _rows_as_they_came(engine, source, table)
            for source, (owner, table) in enumerate(tables)
            if import_id in (None, owner)
        ]
        rows = " UNION ALL BY NAME ".join(chosen)
        only = "WHERE reason = $reason" if reason else ""
        text = f"SELECT * FROM ({rows}) AS r {only} ORDER BY file, row_number"
        query = Query("raw_rejects", "one rejected row", text, {"reason": reason} if reason else {})
        return engine.write(query, out, exact=exact)


def write_as_csv(shop: Shop, table: Path, out: Path) -> int:
    """Copy a Parquet file to a CSV file in which no text begins like a formula; returns the rows."""
    with shop.engine() as engine:
        engine.bind("exported", table)
        return engine.write(Query("exported", "as in the file", "SELECT * FROM exported"), out)


def count_rejects(shop: Shop, *, reason: str | None = None, import_id: str | None = None) -> Rows:
    """Rejected lines by file, reason and column, with an example of what stood there."""
    with shop.stage() as (engine, dataset):
        _check_rejects(dataset, reason, import_id)
        sources = dataset.manifest.sources
        files = ", ".join(sql.text(source.file) for source in sources)
        chosen = [i for i, source in enumerate(sources) if import_id in (None, source.import_id)]
        return engine.rows(Query("rejects_by_reason", "one file, reason and column", f"""
            SELECT list_extract([{files}], source + 1) AS file, reason, column_name, COUNT(*) AS lines,
                MIN(row_number) AS first_row, {sql.first_by("seen", "row_number")} AS seen,
                {sql.first_by("expected", "row_number")} AS expected
            FROM rejects WHERE list_contains($sources, source) AND reason = COALESCE($reason, reason)
            GROUP BY source, reason, column_name ORDER BY source, lines DESC, reason""",
            {"sources": chosen, "reason": reason}))  # fmt: skip


def _check_rejects(dataset: Dataset, reason: str | None, import_id: str | None) -> None:
    """NotFoundError for a reason that does not exist, or an import that brought this data set no lines."""
    imports = dict.fromkeys(source.import_id for source in dataset.manifest.sources)
    for kind, asked, known in (("reason", reason, list(Reason)), ("import", import_id, list(imports))):
        if asked is not None and asked not in known:
            raise NotFoundError(
                f"There is no {kind} {asked!r} here.", seen=f"There are {', '.join(known)}.", todo="Name one of these."
            )


def check_format(out: Path) -> None:
    """InputError unless the file is to be a CSV or Parquet file in a folder that exists."""
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(
            f"{out.name} names no format we write.", seen=f"It ends in {out.suffix!r}.", todo="Use .csv or .parquet."
        )
    if not out.parent.is_dir():
        raise InputError(
            f"{out} cannot be written.", seen=f"There is no folder {out.parent}.", todo="Make it, or name another."
        )


def _rows_as_they_came(engine: DuckEngine, source: int, table: RawTable) -> str:
    raw = f"raw_{source}"
    engine.bind(raw, Path(table.path))
    clashes = {"file", "reason", "column_name", "seen", "expected"}
    columns = ", ".join(
        f"f.{sql.name(name)} AS {sql.name('file_' + name if name in clashes else name)}"
        for name in engine.names(raw)
        if name != ROW_NUMBER
    )
    return f"""
        SELECT {sql.text(table.file)} AS file, r.row_number, r.reason, r.column_name, r.seen, r.expected, {columns}
        FROM rejects AS r JOIN {raw} AS f ON r.row_number = f.{ROW_NUMBER} WHERE r.source = {source}"""
