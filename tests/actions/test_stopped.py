"""What a customer has stopped buying, on shops of a few lines: the rule, the worth, and nothing from the future."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.actions.stopped import DAYS_A_MONTH, Kind, Stopped, stopped_buying
from tests.features.shops import Line, Sale, Shop, opened

FIRST = date(2024, 1, 1)
CATEGORIES = {"espresso": ("coffee", None), "filter": ("coffee", None), "mug": ("cups", None)}


def sale(day: int, *lines: Line, customer: str = "ann") -> Sale:
    """An order so many days after the first of January 2024."""
    moment = datetime.combine(FIRST, datetime.min.time()) + timedelta(days=day, hours=9)
    return Sale(customer, f"{customer}-{day}", moment, lines)


def line(product: str, price: str = "10", *, returned: tuple[int, int] | None = None, quantity: int = 1) -> Line:
    """Pieces of a product; `returned` = how many of them came back, on which day."""
    if returned is None:
        return Line(product, quantity, price)
    pieces, day = returned
    return Line(product, quantity, price, returned=(pieces, datetime(2024, 1, 1) + timedelta(days=day)))


def stopped(*sales: Sale, day: int, with_categories: bool = True) -> tuple[Stopped, ...]:
    """What ann has stopped buying as of a day."""
    shop = Shop(sales, products=CATEGORIES if with_categories else {})
    with opened(shop) as engine:
        return stopped_buying(engine, 1, as_of=FIRST + timedelta(days=day))


COFFEE = [sale(0, line("espresso", "30")), sale(10, line("filter", "20")), sale(30, line("espresso", "40"))]
"""Gaps of 10 and 20 days, the median is 15: stopped from the 61st day on."""


def test_the_rule_and_what_it_was_worth() -> None:
    assert stopped(*COFFEE, day=61) == (
        Stopped(
            kind=Kind.CATEGORY,
            name="coffee",
            order_days=3,
            median_gap_days=15.0,
            last_bought_on=date(2024, 1, 31),
            days_silent=31,
            net_revenue=Decimal("90.0000"),
            worth_a_month=round(90 / (30 + 15) * DAYS_A_MONTH, 2),
            ordered_since=0,
        ),
    )


def test_twice_the_median_gap_is_not_more_than_twice() -> None:
    assert stopped(*COFFEE, day=60) == ()


def test_two_days_are_no_rhythm_and_two_orders_of_a_day_are_one() -> None:
    again = Sale("ann", "ann-again", datetime(2024, 1, 11, 18), (line("filter"),))
    assert stopped(*COFFEE[:2], again, day=300) == ()


def test_where_no_product_has_a_category_it_is_products() -> None:
    found = stopped(*COFFEE, sale(45, line("espresso", "1")), day=300, with_categories=False)
    assert [(each.kind, each.name, each.order_days) for each in found] == [(Kind.PRODUCT, "espresso", 3)]


def test_what_was_worth_most_a_month_comes_first_and_other_orders_are_counted() -> None:
    cups = [sale(day, line("mug", "100")) for day in (0, 10, 20)]
    found = stopped(*COFFEE[1:], *cups, sale(50, line("filter", "1")), day=400)
    assert [(each.name, each.ordered_since) for each in found] == [("cups", 2), ("coffee", 0)]


def test_what_came_back_does_not_count() -> None:
    whole = sale(40, line("espresso", "99", returned=(1, 42)))
    part = sale(50, line("filter", "10", quantity=3, returned=(1, 55)))
    (found,) = stopped(*COFFEE, whole, part, day=300)
    assert (found.order_days, found.net_revenue) == (4, Decimal("110.0000"))
    assert found.last_bought_on == date(2024, 2, 20)


def test_a_return_is_not_known_before_it_happened() -> None:
    part = sale(50, line("filter", "10", quantity=3, returned=(1, 150)))
    (before,), (after,) = (stopped(*COFFEE, part, day=day) for day in (150, 151))
    assert (before.net_revenue, after.net_revenue) == (Decimal("120.0000"), Decimal("110.0000"))


def test_services_and_lines_without_a_product_name_no_category() -> None:
    post = [sale(day, Line("postage", 1, "5", service=True)) for day in (1, 2, 3)]
    assert stopped(*post, *COFFEE[:1], day=300) == ()


def test_others_do_not_count() -> None:
    others = [sale(day, line("espresso"), customer="bob") for day in (0, 10, 20)]
    assert stopped(*others, *COFFEE[:1], day=300) == ()


@settings(deadline=None, max_examples=25)
@given(later=st.lists(st.integers(100, 300), max_size=5, unique=True), product=st.sampled_from(sorted(CATEGORIES)))
def test_nothing_later_changes_the_answer(later: list[int], product: str) -> None:
    future = [sale(day, line(product, "7")) for day in later]
    assert stopped(*COFFEE, *future, day=100) == stopped(*COFFEE, day=100)


@pytest.mark.parametrize("gap", [7, 30])
def test_a_steady_customer_is_worth_what_it_spends(gap: int) -> None:
    steady = [sale(nth * gap, line("mug", "10")) for nth in range(5)]
    (found,) = stopped(*steady, day=5 * gap + 200)
    assert found.worth_a_month == round(10 / gap * DAYS_A_MONTH, 2)


def test_a_week_is_no_month() -> None:
    week = [sale(day, line("mug", "10")) for day in (0, 2, 4)]
    (found,) = stopped(*week, day=300)
    assert found.worth_a_month == 30.0
