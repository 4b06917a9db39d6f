"""The seven forecasting tasks: histories cut off at a date, and what the customers did afterwards.

An order is a distinct customer and calendar day. Known is every day before the cut-off T; to be forecast are the days
from T on, as many as the horizon says. The population is everybody with an order before T. Lines come from the public
data sets (docs/data-sets.md), already clean: with a customer, no cancellations, quantity and price above zero.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from holdfast.forecast.labels import Outcomes


@dataclass(frozen=True, slots=True)
class Task:
    """Forecast the customers of a data set as of `cutoff` for `horizon` days; `about` says what is special."""

    name: str
    data_set: str
    cutoff: date
    horizon: int
    about: str


TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("cdnow", "cdnow", date(1997, 10, 1), 273, "CDs; one cohort, nine months known, nine ahead"),
        Task("uci1", "uci1", date(2011, 9, 1), 90, "wholesale gifts; nine months known, Christmas ahead"),
        Task("uci2_90a", "uci2", date(2011, 3, 1), 90, "the same shop, 15 months known, spring ahead"),
        Task("uci2_90b", "uci2", date(2011, 6, 1), 90, "18 months known, summer ahead"),
        Task("uci2_90c", "uci2", date(2011, 9, 1), 90, "21 months known, Christmas ahead"),
        Task("uci2_180", "uci2", date(2011, 6, 1), 180, "18 months known, half a year ahead"),
        Task("olist", "olist", date(2018, 3, 1), 180, "a marketplace; 97 % bought once, 1.2 % come back"),
    )
}
"""Name -> task."""

_UCI = """
    SELECT CAST({customer} AS VARCHAR) AS customer_id, CAST({invoice} AS VARCHAR) AS order_id,
        "InvoiceDate" AS ordered_at, CAST("StockCode" AS VARCHAR) AS product_id, "Quantity" AS quantity,
        {price} AS unit_price, "Quantity" * {price} AS amount
    FROM '{file}'
    WHERE {customer} IS NOT NULL AND NOT STARTS_WITH(UPPER(CAST({invoice} AS VARCHAR)), 'C')
        AND "Quantity" > 0 AND {price} > 0"""
_CDNOW = """
    SELECT customer_id, customer_id || '-' || ROW_NUMBER() OVER () AS order_id, CAST(date AS TIMESTAMP) AS ordered_at,
        CAST(NULL AS VARCHAR) AS product_id, number_of_cds AS quantity, CAST(NULL AS DOUBLE) AS unit_price,
        dollar_value AS amount
    FROM '{folder}/cdnow/cdnow_master.parquet'"""
_OLIST = """
    SELECT c.customer_unique_id AS customer_id, o.order_id, o.order_purchase_timestamp AS ordered_at, i.product_id,
        1 AS quantity, i.price AS unit_price, i.price AS amount
    FROM '{folder}/olist/olist_orders_dataset.parquet' AS o
    JOIN '{folder}/olist/olist_customers_dataset.parquet' AS c USING (customer_id)
    JOIN '{folder}/olist/olist_order_items_dataset.parquet' AS i USING (order_id)
    WHERE o.order_status NOT IN ('canceled', 'unavailable')"""

OVERLAP = "TIMESTAMP '2010-12-01'"
"""The second sheet of Online Retail II, which is Online Retail, begins here; the first one overlaps it."""


def data_folder() -> Path:
    """Where the public data sets are; ends the program where HOLDFAST_DATA does not say."""
    folder = os.environ.get("HOLDFAST_DATA", "")
    if not folder or not Path(folder).is_dir():
        sys.exit("HOLDFAST_DATA does not name the folder of data sets; docs/data-sets.md says where to get them.")
    return Path(folder)


def lines(data_set: str, folder: Path) -> str:
    """The query of all clean order lines of a data set, whatever their date."""
    online_retail = _UCI.format(
        customer='"CustomerID"',
        invoice='"InvoiceNo"',
        price='"UnitPrice"',
        file=folder / "online_retail" / "online_retail.parquet",
    )
    first_year = _UCI.format(
        customer='"Customer ID"',
        invoice='"Invoice"',
        price='"Price"',
        file=folder / "online_retail_ii" / "year_2009_2010.parquet",
    )
    return {
        "cdnow": _CDNOW.format(folder=folder),
        "uci1": online_retail,
        "uci2": f'{first_year} AND "InvoiceDate" < {OVERLAP} UNION ALL {online_retail}',
        "olist": _OLIST.format(folder=folder),
    }[data_set]


def write_history(task: Task, folder: Path, path: Path) -> None:
    """Write the lines that may be known at the cut-off as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    query = f"SELECT * FROM ({lines(task.data_set, folder)}) WHERE ordered_at < TIMESTAMP '{task.cutoff}'"
    with duckdb.connect() as connection:
        connection.sql(query).write_parquet(str(path))


def write_whole(data_set: str, folder: Path, path: Path) -> None:
    """Write all lines of a data set as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.sql(lines(data_set, folder)).write_parquet(str(path))


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Who the customers were, sorted, and what each did in the window."""

    customers: list[str]
    outcomes: Outcomes


def truth(task: Task, folder: Path) -> Truth:
    """What the customers of a task did from the cut-off on."""
    inside = f"day >= DATE '{task.cutoff}' AND day < DATE '{task.cutoff}' + {task.horizon}"
    query = f"""
        WITH days AS (
            SELECT customer_id, CAST(ordered_at AS DATE) AS day, SUM(amount) AS amount
            FROM ({lines(task.data_set, folder)}) GROUP BY ALL
        )
        SELECT customer_id, COUNT(*) FILTER ({inside}) AS orders,
            CAST(COALESCE(SUM(amount) FILTER ({inside}), 0) AS DOUBLE) AS spend
        FROM days GROUP BY customer_id
        HAVING COUNT(*) FILTER (day < DATE '{task.cutoff}') > 0 ORDER BY customer_id"""
    with duckdb.connect() as connection:
        found = connection.sql(query).fetchnumpy()
    orders = found["orders"].astype(np.int64)
    return Truth([str(name) for name in found["customer_id"]], Outcomes(orders > 0, orders, found["spend"]))
