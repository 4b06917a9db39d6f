"""The segments room on published order histories."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from holdfast.engine import DuckEngine, Query
from holdfast.segments import SegmentConfig, assign

HORIZON = timedelta(days=90)


@pytest.fixture(scope="module")
def cdnow(data: Path) -> Iterator[DuckEngine]:
    """CDNOW as order days (a day of a customer is one order), bound as `order_days`."""
    with DuckEngine(threads=2) as engine:
        engine.bind("purchases", data / "cdnow" / "cdnow_master.parquet")
        engine.keep(
            "order_days",
            Query(
                "order_days",
                "one order day",
                """
                SELECT CAST(customer_id AS INTEGER) AS customer_key, customer_id, date,
                    SUM(CAST(dollar_value AS DECIMAL(18,4))) AS amount,
                    date - lag(date) OVER (PARTITION BY customer_id ORDER BY date) AS gap
                FROM purchases GROUP BY customer_id, date
                """,
            ),
        )
        yield engine


def keep_asof(engine: DuckEngine, as_of: date, table: str) -> None:
    engine.keep(
        table,
        Query(
            table,
            "one customer",
            """
            SELECT *, days_since_last_order / median_gap_days AS churn_ratio, order_count AS order_day_count
            FROM (
                SELECT customer_key, customer_id, $as_of - MAX(date) AS days_since_last_order,
                    COUNT(*) AS order_count, SUM(amount) AS net_revenue,
                    CAST(quantile_cont(gap, 0.5) AS DOUBLE) AS median_gap_days,
                    $as_of - MIN(date) AS days_since_first_purchase,
                    COALESCE(SUM(amount) FILTER (WHERE date >= $as_of - 365), 0) AS net_revenue_365d
                FROM order_days WHERE date < $as_of GROUP BY customer_key, customer_id
            ) AS known
            """,
            {"as_of": as_of},
        ),
    )


def test_cdnow_falls_into_the_three_archetypes(cdnow: DuckEngine) -> None:
    keep_asof(cdnow, date(1998, 7, 1), "customers_asof")
    result = assign(cdnow, earlier=None, config=SegmentConfig())
    assert (result.customers, result.revenue) == (23_570, Decimal("2500315.63"))
    assert result.fitted_archetypes.clear
    assert set(result.fitted_archetypes.names) == {
        "Monthly High-Value",
        "Seasonal",
        "Experimental / Hesitant Lower-Value",
    }
    assert {s.segment: s.customers for s in result.bands}["one_time"] == 12_054


@pytest.mark.parametrize("as_of", [date(1997, 10, 1), date(1998, 1, 1), date(1998, 4, 1)])
def test_what_was_said_to_be_at_risk_is_about_what_was_lost(cdnow: DuckEngine, as_of: date) -> None:
    """In money: of the run rate of late customers, what those held who then did not order for a whole horizon."""
    keep_asof(cdnow, as_of - HORIZON, "earlier")
    keep_asof(cdnow, as_of, "customers_asof")
    result = assign(cdnow, earlier="earlier", config=SegmentConfig())
    (lost,) = cdnow.execute(
        """
        SELECT SUM(run_rate) FROM customers_grouped
        WHERE risk_band IN ('medium', 'high') AND NOT is_gone AND customer_key NOT IN (
            SELECT customer_key FROM order_days WHERE date >= $as_of AND date < CAST($as_of AS DATE) + 90)
        """,
        {"as_of": as_of},
    ).fetchone() or (None,)
    assert result.at_risk.amount is not None
    assert float(result.at_risk.amount / lost) == pytest.approx(1, abs=0.2)
