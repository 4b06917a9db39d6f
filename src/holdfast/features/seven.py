"""The seven features of other tools' models, under their names and from ours."""

from collections.abc import Mapping

SEVEN: Mapping[str, str] = {
    "recency_days": "days_since_last_order",
    "frequency": "order_count",
    "monetary": "net_revenue",
    "avg_basket_value": "mean_order_value",
    "unique_products": "unique_products",
    "avg_interpurchase_days": "mean_gap_days",
    "purchase_span_days": "purchase_span_days",
}
"""Their name -> our feature. `recency_days`, `frequency` and `monetary` exist only in this compatibility schema."""
