"""Decisions: which segment a customer is in as of a day, and what it answers."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from holdfast.actions.vouchers import DEFAULT_RULES, Customer, Usage, VoucherUse, decide
from holdfast.errors import InputError

AS_OF = date(2018, 8, 1)


def use(kind: str, segment: str | None, amount: int, used: int, *, country: str = "Peru") -> VoucherUse:
    return VoucherUse(country, kind, segment, Decimal(amount), used)


USAGE = Usage(
    (
        use("frequent_segment", "1-4", 10, 3),
        use("frequent_segment", "1-4", 20, 5),
        use("frequent_segment", None, 30, 2),
        use("recency_segment", "30-60", 10, 4),
        use("country", "Peru", 10, 4),
        use("country", "Peru", 20, 5),
        use("country", "Peru", 30, 1),
        use("country", "Chile", 50, 1, country="Chile"),
    )
)


def customer(
    orders: int = 3, *, days: int | None = 40, kind: str = "frequent_segment", country: str = "Peru"
) -> Customer:
    last = datetime(2018, 8, 1) - timedelta(days=days) if days is not None else None
    return Customer(orders, country, last, datetime(2017, 1, 1), kind)


def decided(who: Customer) -> tuple[object, ...]:
    found = decide(USAGE, DEFAULT_RULES, who, as_of=AS_OF)
    assert found.as_of == AS_OF
    return found.amount, found.segment, found.n, found.share, found.label.value


def test_the_most_used_of_the_segment() -> None:
    assert decided(customer()) == (20, "1-4", 8, 0.625, "most_used")
    assert decided(customer(kind="recency_segment")) == (10, "30-60", 4, 1.0, "most_used")
    assert decided(customer(country=" PERU ")) == (20, "1-4", 8, 0.625, "most_used")


def test_a_segment_without_history_has_its_countrys() -> None:
    assert decided(customer(7)) == (20, "5-13", 10, 0.5, "fallback_country")
    assert decided(customer(kind="recency_segment", days=180)) == (20, "121-180", 10, 0.5, "fallback_country")
    assert decided(customer(country="Chile")) == (50, "1-4", 1, 1.0, "fallback_country")


@pytest.mark.parametrize(
    "who",
    [
        customer(0),
        customer(38),
        customer(kind="recency_segment", days=29),
        customer(kind="recency_segment", days=0),
        customer(0, kind="recency_segment"),
        customer(0, kind="recency_segment", days=None),
    ],
)
def test_outside_every_range_there_is_none(who: Customer) -> None:
    assert decided(who) == (None, None, 0, None, "outside_rules")


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (customer(country="Narnia"), "no voucher history"),
        (customer(country=""), "no voucher history"),
        (customer(kind="money_segment"), "kind of segment"),
        (customer(-1), "fewer than 0"),
        (customer(days=-1), "after the day"),
        (customer(kind="recency_segment", days=None), "Nobody knows"),
        (Customer(3, "Peru", datetime(2018, 1, 1), datetime(2018, 1, 2), "recency_segment"), "before the first"),
        (Customer(3, "Peru", datetime(2018, 1, 1, 9), datetime(2018, 1, 1, 10), "recency_segment"), "before the first"),
    ],
)
def test_what_cannot_be_is_refused(who: Customer, says: str) -> None:
    with pytest.raises(InputError) as refused:
        decided(who)
    assert says in refused.value.what


def test_a_last_order_without_its_time_of_day_may_be_on_the_day_of_the_first() -> None:
    who = Customer(1, "Peru", datetime(2018, 6, 1), datetime(2018, 6, 1, 10), "frequent_segment")
    assert decided(who)[4] == "most_used"
