"""The door: keys, order, determinism, and what a shop's columns make possible."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import isfinite

import pytest

from holdfast.engine import DuckEngine, Query
from holdfast.features import CATALOGUE, Unit, available_columns, customers_asof
from tests.features.shops import EVERY_COLUMN, Line, Review, Sale, Shop, kept, opened

AS_OF = date(2024, 7, 1)
SEED = 20240701


def busy_shop() -> Shop:
    """Hundreds of customers with everything a shop can have, prices that floats cannot hold, and equal times."""
    rng = random.Random(SEED)
    goods = [f"p{i}" for i in range(40)]
    sales, reviews = [], []
    for number in range(1_500):
        customer = f"c{int(500 * rng.random() ** 2)}"
        at = datetime(2022, 1, 1) + timedelta(days=rng.randrange(1000), hours=rng.choice([3, 9, 9, 14, 20]))
        lines = tuple(
            Line(
                rng.choice(goods),
                rng.randint(1, 9),
                f"{rng.randint(1, 9999) / 100:.2f}",
                seller=rng.choice(["s1", "s2", None]),
                returned=(1, at + timedelta(days=5)) if rng.random() < 0.1 else None,
            )
            for _ in range(rng.randint(1, 4))
        )
        facts = {
            "country": "UK",
            "state": rng.choice("NSEW"),
            "city": rng.choice(["York", "Leeds", "Bath"]),
            "payment_type": rng.choice(["card", "cash"]),
            "installments": rng.randint(1, 10),
            "shipping": "2.35",
            "promised_at": at + timedelta(days=3),
            "delivered_at": at + timedelta(days=rng.randint(1, 6)),
        }
        sales.append(Sale(customer, f"o{number}", at, lines, facts))
        if rng.random() < 0.3:
            reviews.append(Review(customer, f"o{number}", at + timedelta(days=7), rng.randint(1, 5), "fine"))
    categories = {name: (f"k{i % 5}", f"b{i % 3}") for i, name in enumerate(goods)}
    return Shop(sales, reviews, categories)


@pytest.fixture(scope="module")
def busy() -> Iterator[DuckEngine]:
    with opened(busy_shop(), threads=2) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN)
        yield engine


def test_one_thread_and_two_give_the_same_bits(busy: DuckEngine) -> None:
    with opened(busy_shop(), threads=1) as alone:
        customers_asof(alone, as_of=AS_OF, available=EVERY_COLUMN)
        assert kept(alone) == kept(busy)
    for _ in range(3):
        customers_asof(busy, as_of=AS_OF, available=EVERY_COLUMN, keep_as="again")
        assert kept(busy, "again") == kept(busy)


def test_the_order_of_the_rows_does_not_matter(busy: DuckEngine) -> None:
    with opened(busy_shop(), threads=2) as shuffled:
        for table in ("orders", "order_lines", "returns", "reviews"):
            shuffled.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM {table} ORDER BY hash(order_key) DESC")
        customers_asof(shuffled, as_of=AS_OF, available=EVERY_COLUMN)
        assert kept(shuffled) == kept(busy)


def test_one_row_a_customer_sorted_by_key(busy: DuckEngine) -> None:
    keys = [row[0] for row in busy.rows(Query("keys", "customer", "SELECT customer_key FROM customers_asof")).rows]
    live = "SELECT COUNT(DISTINCT customer_key) FROM orders WHERE ordered_at < '2024-07-01' AND reversed_at IS NULL"
    assert keys == sorted(set(keys))
    assert len(keys) == busy.rows(Query("live", "shop", live)).rows[0][0] > 100


def test_no_value_is_infinite_or_not_a_number(busy: DuckEngine) -> None:
    numbers = [value for row in kept(busy).values() for value in row.values() if isinstance(value, float)]
    assert numbers
    assert all(isfinite(value) for value in numbers)


def test_shares_lie_between_0_and_1(busy: DuckEngine) -> None:
    shares = [
        feature.name for feature in CATALOGUE if feature.unit is Unit.SHARE and feature.name != "gross_margin_share"
    ]
    values = {name: row[name] for row in kept(busy).values() for name in shares if row[name] is not None}
    assert {name: value for name, value in values.items() if not 0 <= value <= 1} == {}


def test_net_revenue_adds_up_to_what_was_sold_less_what_came_back(busy: DuckEngine) -> None:
    sold = "SELECT SUM(amount) FROM order_lines WHERE ordered_at < '2024-07-01' AND customer_key IS NOT NULL"
    undone = "SELECT SUM(amount) FROM returns WHERE returned_at < '2024-07-01'"
    query = f"SELECT ({sold}) + ({undone}) AS expected, (SELECT SUM(net_revenue) FROM customers_asof) AS seen"
    answer = busy.rows(Query("sums", "shop", query)).one()
    assert answer["expected"] == answer["seen"]


def test_names_pick_features_and_nothing_else_is_left_behind(busy: DuckEngine) -> None:
    names = ["churn_ratio", "order_count"]
    rows = customers_asof(busy, as_of=AS_OF, available=EVERY_COLUMN, names=names, keep_as="some")
    assert rows == len(kept(busy))
    assert busy.names("some") == ("customer_key", "customer_id", "order_count", "churn_ratio")
    tables = {row[0] for row in busy.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert not any(table.startswith("features_of") for table in tables)


def test_before_the_first_order_there_is_nobody(busy: DuckEngine) -> None:
    assert customers_asof(busy, as_of=date(1999, 1, 1), available=EVERY_COLUMN, keep_as="nobody") == 0


def test_a_shop_of_order_totals_has_no_pieces_no_products_and_no_prices() -> None:
    with opened(Shop([Sale("ann", "1", datetime(2024, 1, 1), (Line("cup", 1, "9"),))])) as engine:
        engine.execute("UPDATE orders SET units = NULL, products = 0")
        engine.execute("UPDATE order_lines SET product_key = NULL, quantity = NULL, unit_price = NULL")
        customers_asof(engine, as_of=AS_OF, available=available_columns(engine))
        (ann,) = kept(engine).values()
        assert ann["net_revenue"] == 9
        assert not {"units_bought", "units_30d", "products_per_order", "mean_unit_price", "unique_products"} & set(ann)


def test_a_column_is_available_if_it_holds_anything() -> None:
    line = Line("cup", 1, "1")
    dates_only = Sale("ann", "1", datetime(2024, 1, 1), (line,))
    with opened(Shop([dates_only])) as engine:
        assert available_columns(engine) == {"order_lines.product_key", "orders.units"}
    richer = Sale("ann", "2", datetime(2024, 1, 1, 9), (line,), {"state": "N"})
    with opened(Shop([dates_only, richer], products={"cup": (None, "acme")})) as engine:
        assert available_columns(engine) == {
            "order_lines.product_key",
            "orders.ordered_at",
            "orders.state",
            "orders.units",
            "products.brand",
        }
        customers_asof(engine, as_of=AS_OF, available=available_columns(engine))
        assert {"night_share", "state", "brand_count", "regional_seasonality"} < set(engine.names("customers_asof"))
        assert "city_churn_rate" not in engine.names("customers_asof")
