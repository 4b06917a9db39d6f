"""The task that every engine does: clean lines as a tutorial would, then fifteen features of each customer.

Cleaning: drop lines without customer, of C invoices, and with a quantity or price of zero or below. An order is an
invoice; its products are the different stock codes on it; gaps lie between different order days. Every engine hands
back the number of customers and the sum of each feature over them, which have to agree before any time counts.
"""

from collections.abc import Mapping
from datetime import date

AS_OF = date(2011, 12, 10)
FEATURES = (
    "days_since_last_order",
    "order_count",
    "net_revenue",
    "mean_order_value",
    "products_per_order",
    "mean_gap_days",
    "median_gap_days",
    "std_gap_days",
    "purchase_span_days",
    "order_count_30d",
    "order_count_90d",
    "order_count_180d",
    "net_revenue_30d",
    "net_revenue_90d",
    "net_revenue_180d",
)
WINDOWS = (30, 90, 180)

Answer = Mapping[str, float]
_TOLERANCE = 1e-9  # peers add up money in floats, we in decimals


def differences(ours: Answer, theirs: Answer) -> list[str]:
    """The figures on which two engines disagree, in words."""
    return [
        f"{name}: {ours[name]!r} against {theirs[name]!r}"
        for name in ("customers", *FEATURES)
        if abs(ours[name] - theirs[name]) > _TOLERANCE * max(abs(ours[name]), 1.0)
    ]
