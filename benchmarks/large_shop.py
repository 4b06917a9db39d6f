"""A shop of any number of customers, drawn with a seed: orders at gamma rates, baskets of a few products.

Customers arrive evenly over two years and stay for exponential lifetimes; seven in ten order once. An order has one to
eight lines of 5,000 products. Drawn with NumPy, written by DuckDB, a million customers with some 2 million orders and
5 million lines in a minute.
"""

from pathlib import Path

import duckdb
import numpy as np

DAYS, SEED, PRODUCTS = 730, 20_260_101, 5_000
FIRST_DAY = np.datetime64("2024-01-01")


def write_lines(path: Path, customers: int) -> None:
    """Order lines of `customers` customers as a Parquet file, unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    arrived = rng.uniform(0, DAYS, customers)
    until = np.minimum(arrived + rng.exponential(300.0, customers), DAYS)
    orders = 1 + rng.poisson(rng.gamma(0.6, 1 / 60.0, customers) * (until - arrived))
    customer = np.repeat(np.arange(customers), orders)
    day = arrived[customer] + rng.uniform(0, 1, len(customer)) * (until - arrived)[customer]
    day[np.cumsum(orders) - orders] = arrived
    size = np.minimum(rng.geometric(0.4, len(customer)), 8)
    order = np.repeat(np.arange(len(customer)), size)
    product = np.minimum((PRODUCTS * rng.power(0.4, len(order))).astype(np.int64), PRODUCTS - 1)
    columns = {
        "customer": customer[order],
        "number": order,
        "day": day[order],
        "product": product,
        "quantity": rng.geometric(0.5, len(order)),
    }
    unfinished = path.with_suffix(".unfinished")
    with duckdb.connect() as connection:
        connection.register("columns", columns)
        connection.execute(f"""
            COPY (
                SELECT 'C' || lpad(CAST(customer AS VARCHAR), 7, '0') AS customer_id,
                    CAST(number AS VARCHAR) AS order_id,
                    TIMESTAMP '{FIRST_DAY}' + to_seconds(CAST(day * 86400 AS BIGINT)) AS ordered_at,
                    'P' || CAST(product AS VARCHAR) AS product_id,
                    'Product ' || CAST(product AS VARCHAR) AS product_name,
                    quantity, CAST(2 + product * 7919 % 4800 / 100 AS DECIMAL(18, 2)) AS unit_price
                FROM columns ORDER BY number
            ) TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)""")
    unfinished.replace(path)
