"""Nothing is known before it happened: later rows of a file change no feature as of an earlier day."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from holdfast.engine import Query
from holdfast.features import available_columns, customers_asof
from tests.cleaning.shops import COLUMNS, CleanShop, Row, raw_table

AS_OF = date(2024, 7, 1)
FIELDS = (*COLUMNS, "category", "brand", "country", "city", "delivered_at", "cancelled_at")

CUSTOMERS, PRODUCTS = st.sampled_from(["ann", "bob", "cid", "dan"]), st.sampled_from(["mug", "cup", "jug"])
PRICES, PLACES = st.sampled_from(["1", "2.5", "0", "7"]), st.sampled_from(["Leeds", "York", None])
KINDS = st.sampled_from(["tea", "home", None])


def days(first: str, last: str) -> st.SearchStrategy[str]:
    """Days of 2024 as text."""
    dates = st.dates(date.fromisoformat(first), date.fromisoformat(last))
    return st.builds(lambda day, hour: f"{day} {hour:02}:15", dates, st.integers(0, 23))


BEFORE, AFTER = days("2024-01-01", "2024-06-30"), days("2024-07-01", "2024-12-31")


def rows(when: st.SearchStrategy[str], orders: st.SearchStrategy[str]) -> st.SearchStrategy[Row]:
    """Sales, returns and everything between; what comes later is dated after as_of."""
    facts = (PRODUCTS, st.sampled_from(["1", "2", "3", "-1", "-2"]), PRICES, KINDS, KINDS, PLACES, PLACES)
    later = st.one_of(st.none(), AFTER)
    return st.tuples(CUSTOMERS, orders, when, *facts, later, later)


NUMBERS = st.integers(1, 9).map(str)
PAST = st.lists(rows(BEFORE, NUMBERS), min_size=4, max_size=20)
FUTURE = st.lists(rows(AFTER, st.one_of(NUMBERS, NUMBERS.map("C{}".format))), max_size=12)


def customers(lines: list[Row]) -> list[tuple[object, ...]]:
    """All features of all customers as of the day, by the shop's own ids."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shop = CleanShop([raw_table(folder, lines, columns=FIELDS)], folder / "stage")
        available = frozenset(column for column in available_columns(shop.engine) if not column.startswith("reviews"))
        customers_asof(shop.engine, as_of=AS_OF, available=available | {"orders.ordered_at"})
        names = [n for n in shop.engine.names("customers_asof") if n != "customer_key"]
        listed = ", ".join(f'"{n}"' for n in sorted(names))
        found = shop.engine.rows(
            Query("seen", "a customer", f"SELECT {listed} FROM customers_asof ORDER BY customer_id")
        )
        shop.engine.close()
    return found.rows


def sale(order: str, when: str, *, category: str = "tea", quantity: str = "2") -> Row:
    return ("ann", order, when, "mug", quantity, "2.5", category, "acme", "UK", "Leeds", None, None)


@settings(  # without shrinking: a smaller case is found faster by hand than by cleaning a thousand shops
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(past=PAST, future=FUTURE)
@example(past=[sale("1", "2024-06-20 10:00")] * 4, future=[sale("1", "2024-07-03 10:00")])
@example(past=[sale("1", "2024-06-20 10:00")] * 4, future=[sale("2", "2024-07-03 10:00", category="home")] * 9)
@example(past=[sale("1", "2024-06-20 10:00")] * 4, future=[sale("C9", "2024-07-03 10:00", quantity="-2")] * 2)
def test_later_rows_change_nothing_earlier(past: list[Row], future: list[Row]) -> None:
    filled: Row = ("zoe", "100", "2024-03-01 10:00", "pot", "1", "2", "tea", "acme", "UK", "York", "2024-03-05", None)
    cancelled: Row = (
        "zoe",
        "101",
        "2024-03-01 10:00",
        "pot",
        "1",
        "2",
        "tea",
        "acme",
        "UK",
        "York",
        None,
        "2024-03-02",
    )
    known = [filled, cancelled, *past]  # every optional column holds something, so the same features exist
    assert customers([*known, *future]) == customers(known)
