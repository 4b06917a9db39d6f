"""Order lines shaped like Online Retail, as many as wanted, the same for the same seed.

About 25 lines an invoice (geometric), customers with gamma rates (one in five invoices has none), products by
Zipf's law, no trade on Saturdays, some 2 % exact duplicates, 0.5 % free goods, and C invoices that undo 1.6 % of the
lines whole, up to ten days later. Invoices are drawn with NumPy in order of time, their lines by DuckDB, which streams
them into one Parquet file; a cancellation stands after the line it undoes.
"""

from pathlib import Path

import duckdb
import numpy as np
from fifteen import AS_OF

FIRST_DAY, DAYS = "2010-12-01", 374  # to the day before AS_OF, as in the original
SEED = 20_101_201

_LINES_PER_INVOICE = 25
_INVOICES_PER_CUSTOMER = 5
_WITHOUT_CUSTOMER = 0.20
_PRODUCTS = 4000
_FLATNESS = 30  # Zipf-Mandelbrot: product r is picked in proportion to 1 / (r + 30), so the best seller has 0.7 %
_COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE", "Spain", "Netherlands")
_COUNTRY_SHARES = (0.90, 0.03, 0.03, 0.02, 0.01, 0.01)


def write_parquet(path: Path, lines: int) -> None:
    """Write about `lines` lines into a Parquet file, unless it is there."""
    if path.exists():
        return
    with duckdb.connect(
        config={"threads": 1, "temp_directory": str(path.parent)}
    ) as connection:  # several would hold lines in memory to keep their order
        connection.register("invoice_columns", _invoices(lines))
        connection.execute("CREATE TEMP TABLE invoices AS SELECT * FROM invoice_columns")
        _write(connection, _LINES, path, "FORMAT parquet, COMPRESSION zstd")


def write_csv(path: Path, lines: int) -> None:
    """Write the same lines as a CSV file, as a shop would upload it, unless it is there."""
    if path.exists():
        return
    parquet = path.with_suffix(".parquet")
    write_parquet(parquet, lines)
    with duckdb.connect() as connection:
        rows = f"SELECT * EXCLUDE (row_number) FROM '{parquet}'"
        _write(connection, rows, path, "FORMAT csv, HEADER, TIMESTAMPFORMAT '%d/%m/%Y %H:%M'")


def _write(connection: duckdb.DuckDBPyConnection, rows: str, path: Path, options: str) -> None:
    """Under another name until it is whole, so that an interrupted run leaves no half file behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    connection.execute(f"COPY ({rows}) TO '{unfinished}' ({options})")
    unfinished.replace(path)


def _invoices(lines: int) -> dict[str, np.ndarray]:
    """The columns of the invoices, in order of time."""
    rng = np.random.default_rng(SEED)
    number = round(lines * 0.975) // _LINES_PER_INVOICE  # duplicates and cancellations come on top
    customers = max(number // _INVOICES_PER_CUSTOMER, 1)
    rates = np.cumsum(rng.gamma(0.8, size=customers))
    customer = 12_346 + np.searchsorted(rates, rng.random(number) * rates[-1])
    week = np.array([1.0, 1.1, 1.05, 1.15, 0.9, 0.0, 0.6])  # Monday to Sunday
    pace = week[(np.arange(DAYS) + 2) % 7] * np.linspace(0.8, 1.4, DAYS)  # the first day was a Wednesday
    day = np.sort(rng.choice(DAYS, size=number, p=pace / pace.sum()))
    return {
        "invoice": np.arange(number),
        "customer": np.where(rng.random(number) < _WITHOUT_CUSTOMER, -1, customer),
        "minute": day * 1440 + rng.integers(6 * 60, 20 * 60, number),
        "size": rng.geometric(1 / _LINES_PER_INVOICE, number),
        "country": rng.choice(len(_COUNTRIES), number, p=_COUNTRY_SHARES).astype(np.int32),
    }


def _chance(salt: str, *keys: str) -> str:
    """A number in [0, 1) that depends on the keys alone."""
    return f"(hash('{salt}', {SEED}, {', '.join(keys)}) / 18446744073709551616.0)"


_OF_LINE = ("invoice", "line")
_LINES = f"""
WITH numbered AS (  -- a fifth of the invoices repeat their last line: an exact duplicate
    SELECT *, unnest(range(size + CAST({_chance("duplicate", "invoice")} < 0.2 AS BIGINT))) AS place FROM invoices
), placed AS (
    SELECT *, least(place, size - 1) AS line FROM numbered
), ranked AS (
    SELECT *, {_FLATNESS} * pow(1 + {_PRODUCTS} / {_FLATNESS}, {_chance("product", *_OF_LINE)}) - {_FLATNESS} AS rank
    FROM placed
), sold AS (
    SELECT invoice, customer, line, place, country, CAST(floor(rank) AS INTEGER) AS product,
        TIMESTAMP '{FIRST_DAY}' + to_minutes(minute) AS sold_at,
        CAST(1 + floor(-4 * ln(1 - {_chance("quantity", *_OF_LINE)})) AS INTEGER) AS quantity,
        CASE WHEN {_chance("free", *_OF_LINE)} < 0.005 THEN 0.0
             ELSE round(0.3 * pow(50, {_chance("price", "floor(rank)")}), 2) END AS price,
        to_minutes(CAST(30 + 14400 * {_chance("when", *_OF_LINE)} AS BIGINT)) AS cancelled_after,
        customer >= 0 AND place = line AND {_chance("cancelled", *_OF_LINE)} < 0.021 AS is_cancelled
    FROM ranked
), booked AS (  -- the sale, and the cancellation after it
    SELECT *, unnest(CASE WHEN is_cancelled AND price > 0 AND sold_at + cancelled_after < TIMESTAMP '{AS_OF}'
        THEN [1, -1] ELSE [1] END) AS direction FROM sold
)
SELECT CASE WHEN direction > 0 THEN CAST(536365 + invoice AS VARCHAR)
            ELSE 'C' || CAST(90000000 + invoice AS VARCHAR) END AS "InvoiceNo",
    CAST(20000 + product AS VARCHAR) || CASE WHEN product % 5 = 0 THEN 'A' ELSE '' END AS "StockCode",
    ['WHITE', 'RED RETROSPOT', 'VINTAGE', 'JUMBO', 'SET OF 6'][1 + product % 5] || ' '
        || ['METAL LANTERN', 'T-LIGHT HOLDER', 'LUNCH BAG', 'CAKE CASES', 'HEART DECORATION'][1 + product % 7 % 5]
        || ' ' || CAST(product AS VARCHAR) AS "Description",
    direction * quantity AS "Quantity",
    CASE WHEN direction > 0 THEN sold_at ELSE sold_at + cancelled_after END AS "InvoiceDate",
    price AS "UnitPrice", CAST(nullif(customer, -1) AS INTEGER) AS "CustomerID",
    {list(_COUNTRIES)}[country + 1] AS "Country",
    row_number() OVER () AS row_number
FROM booked
"""
