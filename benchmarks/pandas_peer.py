"""pandas: once as well as it can be vectorised, and once as tutorials do it."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
from fifteen import AS_OF, FEATURES, WINDOWS, Answer
from floors import RAW_SIX
from tasks import Place, Timed

_TODAY = pd.Timestamp(AS_OF)


def vectorised(place: Place, _: ExitStack) -> Timed:
    """Lines to orders to customers with groupby and no Python function per group."""
    return lambda: _vectorised(place.raw)


def tutorial(place: Place, _: ExitStack) -> Timed:
    """One Python function per customer, as in most notebooks."""
    return lambda: _tutorial(place.raw)


def _vectorised(raw: Path) -> Answer:
    lines = _cleaned(raw)
    lines["amount"] = lines["Quantity"] * lines["UnitPrice"]
    orders = lines.groupby("InvoiceNo", sort=False).agg(
        customer=("CustomerID", "first"), at=("InvoiceDate", "min"), amount=("amount", "sum")
    )
    orders["products"] = lines[["InvoiceNo", "StockCode"]].drop_duplicates().groupby("InvoiceNo", sort=False).size()
    del lines
    orders["day"] = orders["at"].dt.normalize()
    orders = orders.sort_values(["customer", "day"])
    age = (_TODAY - orders["day"]).dt.days
    gap = orders["day"].diff().dt.days.where(orders["customer"].diff() == 0)
    orders["gap"] = gap.where(gap != 0)
    for days in WINDOWS:
        orders[f"order_count_{days}d"] = (age <= days).astype("int64")
        orders[f"net_revenue_{days}d"] = orders["amount"].where(age <= days, 0.0)

    grouped = orders.groupby("customer", sort=False)
    totals = grouped[[f"{what}_{days}d" for what in ("order_count", "net_revenue") for days in WINDOWS]].sum()
    first, last, count, amount = grouped["day"].min(), grouped["day"].max(), grouped.size(), grouped["amount"].sum()
    features = totals.assign(
        days_since_last_order=(_TODAY - last).dt.days,
        order_count=count,
        net_revenue=amount,
        mean_order_value=amount / count,
        products_per_order=grouped["products"].sum() / count,
        mean_gap_days=grouped["gap"].mean(),
        median_gap_days=grouped["gap"].median(),
        std_gap_days=grouped["gap"].std(),
        purchase_span_days=(last - first).dt.days,
    )
    return _answer(features)


def _tutorial(raw: Path) -> Answer:
    lines = _cleaned(raw)
    lines["amount"] = lines["Quantity"] * lines["UnitPrice"]
    lines["day"] = lines["InvoiceDate"].dt.normalize()
    return _answer(lines.groupby("CustomerID").apply(_of_one))


def _of_one(lines: pd.DataFrame) -> pd.Series:
    orders = lines.groupby("InvoiceNo").agg(
        day=("day", "min"), amount=("amount", "sum"), products=("StockCode", "nunique")
    )
    days = orders["day"].drop_duplicates().sort_values()
    gaps = days.diff().dt.days.dropna()
    age = (_TODAY - orders["day"]).dt.days
    features = {
        "days_since_last_order": (_TODAY - days.max()).days,
        "order_count": len(orders),
        "net_revenue": orders["amount"].sum(),
        "mean_order_value": orders["amount"].mean(),
        "products_per_order": orders["products"].mean(),
        "mean_gap_days": gaps.mean(),
        "median_gap_days": gaps.median(),
        "std_gap_days": gaps.std(),
        "purchase_span_days": (days.max() - days.min()).days,
    }
    for window in WINDOWS:
        features[f"order_count_{window}d"] = (age <= window).sum()
        features[f"net_revenue_{window}d"] = orders.loc[age <= window, "amount"].sum()
    return pd.Series(features)


def _cleaned(raw: Path) -> pd.DataFrame:
    lines = pd.read_parquet(raw, columns=list(RAW_SIX))
    is_sale = (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0) & lines["CustomerID"].notna()
    lines = lines[is_sale]
    return lines[~lines["InvoiceNo"].str.startswith("C")].copy()


def _answer(features: pd.DataFrame) -> Answer:
    sums = {name: float(np.nansum(features[name].to_numpy(dtype=np.float64))) for name in FEATURES}
    return {"customers": float(len(features)), **sums}
