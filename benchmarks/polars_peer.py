"""Polars: one lazy query, run by the streaming engine."""

from contextlib import ExitStack
from pathlib import Path

import polars as pl
from fifteen import AS_OF, FEATURES, WINDOWS, Answer
from tasks import Place, Timed


def streaming(place: Place, _: ExitStack) -> Timed:
    """Lines to orders to customers; reads the columns it needs, in batches, on all cores."""
    return lambda: _streaming(place.raw)


def _streaming(raw: Path) -> Answer:
    orders = (
        pl.scan_parquet(raw)
        .filter(
            pl.col("CustomerID").is_not_null(),
            pl.col("Quantity") > 0,
            pl.col("UnitPrice") > 0,
            ~pl.col("InvoiceNo").str.starts_with("C"),
        )
        .group_by("CustomerID", "InvoiceNo")
        .agg(
            pl.col("InvoiceDate").min().dt.date().alias("day"),
            (pl.col("Quantity") * pl.col("UnitPrice")).sum().alias("amount"),
            pl.col("StockCode").n_unique().alias("products"),
        )
        .sort("CustomerID", "day")
        .with_columns(
            age=(pl.lit(AS_OF) - pl.col("day")).dt.total_days(),
            gap=pl.when(pl.col("CustomerID") == pl.col("CustomerID").shift())
            .then(pl.col("day").diff().dt.total_days())
            .replace(0, None),
        )
    )
    features = orders.group_by("CustomerID").agg(_features()).select(pl.len().alias("customers"), *_sums())
    (answer,) = features.collect(engine="streaming").to_dicts()
    return {name: float(value) for name, value in answer.items()}


def _features() -> list[pl.Expr]:
    age, amount, gap = pl.col("age"), pl.col("amount"), pl.col("gap")
    windows = [(age <= days).sum().alias(f"order_count_{days}d") for days in WINDOWS]
    windows += [amount.filter(age <= days).sum().alias(f"net_revenue_{days}d") for days in WINDOWS]
    return [
        age.min().alias("days_since_last_order"),
        pl.len().alias("order_count"),
        amount.sum().alias("net_revenue"),
        amount.mean().alias("mean_order_value"),
        pl.col("products").mean().alias("products_per_order"),
        gap.mean().alias("mean_gap_days"),
        gap.median().alias("median_gap_days"),
        gap.std().alias("std_gap_days"),
        (age.max() - age.min()).alias("purchase_span_days"),
        *windows,
    ]


def _sums() -> list[pl.Expr]:
    return [pl.col(name).cast(pl.Float64).fill_nan(None).sum() for name in FEATURES]
