"""Pasts with the features that the small model and the rules read, from order days alone."""

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.churn.definitions import median_gaps
from holdfast.forecast.labels import OrderDays, before, first_days, last_days, order_day_counts
from holdfast.forecast.past import Features, Past


def past_with_seven(history: OrderDays) -> Past:
    """As of any day: the seven features (products apart, which order days do not have) and the median gap."""

    def features_at(day: int) -> Features:
        known = before(history, day)
        orders = order_day_counts(known)
        keys = np.flatnonzero(orders)
        first, last = first_days(known)[keys], last_days(known)[keys]
        spend = np.bincount(known.customer, weights=known.spend, minlength=history.customers)[keys]
        count, span = orders[keys].astype(np.float64), (last - first).astype(np.float64)
        gap: Vector = np.full(len(keys), np.nan)
        gap[count > 1] = span[count > 1] / (count[count > 1] - 1)
        median = median_gaps(known)[keys]
        columns = {
            "days_since_last_order": (day - last).astype(np.float64),
            "order_count": count,
            "net_revenue": spend,
            "mean_order_value": spend / count,
            "mean_gap_days": gap,
            "median_gap_days": np.where(np.isinf(median), np.nan, median),
            "purchase_span_days": span,
        }
        return Features(keys, columns, frozenset())

    return Past(features_at, lambda day: before(history, day))
