"""Nothing is known before it happened: whatever the future adds, no value at as_of changes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.features import CATALOGUE
from tests.features.shops import Line, Review, Sale, Shop, features_of

AS_OF = date(2024, 7, 1)
MIDNIGHT = datetime(2024, 7, 1)

PRODUCTS = {"cup": ("china", "acme"), "mug": ("china", None), "tin": ("metal", "zed"), "pen": (None, None)}
NEW_PRODUCTS = {"art": ("paper", "acme"), "nib": ("metal", "new")}

past = st.integers(1, 800 * 1440).map(lambda minutes: MIDNIGHT - timedelta(minutes=minutes))
future = st.integers(0, 400 * 1440).map(lambda minutes: MIDNIGHT + timedelta(minutes=minutes))


def after(moment: datetime) -> st.SearchStrategy[datetime]:
    """A moment between this one and as_of."""
    minutes = int((MIDNIGHT - moment).total_seconds() // 60) - 1
    return st.integers(0, max(minutes, 0)).map(lambda m: moment + timedelta(minutes=m))


def facts(delivered: st.SearchStrategy[datetime | None]) -> st.SearchStrategy[dict[str, object]]:
    def maybe(*values: object) -> st.SearchStrategy[object]:
        return st.sampled_from([None, *values])

    return st.fixed_dictionaries(
        {
            "voucher": maybe("TEN"),
            "channel": maybe("web", "shop"),
            "country": maybe("UK"),
            "state": maybe("N", "S"),
            "city": maybe("York", "Leeds"),
            "payment_type": maybe("card", "cash"),
            "installments": maybe(1, 6),
            "discount": maybe("1.5"),
            "cost": maybe("2.25"),
            "shipping": maybe("3"),
            "order_status": maybe("shipped", "delivered", "canceled"),
            "promised_at": maybe(datetime(2024, 6, 20), datetime(2024, 7, 20)),
            "delivered_at": delivered,
        }
    )


@st.composite
def sales(draw: st.DrawFn, moments: st.SearchStrategy[datetime], products: list[str], customers: list[str]) -> Sale:
    at = draw(moments)
    known = at < MIDNIGHT
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        quantity = draw(st.integers(1, 3))
        came_back = st.tuples(st.integers(1, quantity), after(at) if known else future)
        lines.append(
            Line(
                draw(st.sampled_from(products)),
                quantity,
                draw(st.sampled_from(["1", "2.5", "19.99"])),
                seller=draw(st.sampled_from([None, "sue", "tom"])),
                returned=draw(st.none() | came_back),
            )
        )
    delivered = st.none() | (after(at) if known else future)
    return Sale(draw(st.sampled_from(customers)), draw(st.uuids()).hex, at, tuple(lines), draw(facts(delivered)))


@st.composite
def histories(draw: st.DrawFn) -> Shop:
    known = draw(st.lists(sales(past, list(PRODUCTS), ["ben", "kim", "lea"]), min_size=1, max_size=8))
    reviews = [
        Review(
            sale.customer or "", sale.id, draw(after(sale.at)), draw(st.integers(1, 5)), draw(st.none() | st.just("hm"))
        )
        for sale in known
        if draw(st.booleans())
    ]
    return Shop(known, reviews, PRODUCTS, {"ben": {"channel": "ads", "acquisition_cost": 3}})


@st.composite
def continued(draw: st.DrawFn, history: Shop) -> Shop:
    """The same shop, read later: more sales, customers and products, and what befell the orders known."""

    def later_line(line: Line) -> Line:
        if line.returned or draw(st.booleans()):
            return line
        return replace(line, returned=(draw(st.integers(1, line.quantity)), draw(future)))

    def later(sale: Sale) -> Sale:
        delivered = sale.facts["delivered_at"] or draw(st.none() | future)
        status = draw(st.sampled_from(["delivered", "canceled", None]))
        return replace(
            sale,
            lines=tuple(later_line(line) for line in sale.lines),
            facts={**sale.facts, "delivered_at": delivered, "order_status": status},
        )

    everyone, everything = ["abe", "ben", "kim", "lea", "zoe"], [*PRODUCTS, *NEW_PRODUCTS]
    new = draw(st.lists(sales(future, everything, everyone), min_size=1, max_size=5))
    reviews = [
        Review(sale.customer or "", sale.id, draw(future), draw(st.integers(1, 5)), draw(st.none() | st.just("late")))
        for sale in [*history.sales, *new]
        if draw(st.booleans())
    ]
    return Shop(
        [*(later(sale) for sale in history.sales), *new],
        [*history.reviews, *reviews],
        {**PRODUCTS, **NEW_PRODUCTS},
        history.customers,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_no_feature_sees_the_future(data: st.DataObject) -> None:
    history = data.draw(histories())
    then = features_of(history, AS_OF)
    now = features_of(data.draw(continued(history)), AS_OF)
    assert now == then


def test_the_leak_test_reads_every_feature() -> None:
    sale = Sale("ben", "1", datetime(2024, 1, 1), (Line("cup", 1, "1"),))
    assert set(features_of(Shop([sale]), AS_OF)["ben"]) == {feature.name for feature in CATALOGUE}


def test_a_return_is_known_from_the_day_after() -> None:
    sale = Sale("ben", "1", datetime(2024, 1, 1), (Line("cup", 2, "5", returned=(2, datetime(2024, 3, 1, 10))),))
    kept = Sale("ben", "2", datetime(2024, 1, 2), (Line("cup", 2, "5", returned=(1, datetime(2024, 4, 1, 10))),))
    seen = {
        day: features_of(Shop([sale, kept]), day, names=["order_count", "net_revenue", "unique_products"])["ben"]
        for day in (date(2024, 3, 1), date(2024, 3, 2), date(2024, 4, 1), date(2024, 4, 2))
    }
    assert [(row["order_count"], row["net_revenue"]) for row in seen.values()] == [(2, 20), (1, 10), (1, 10), (1, 5)]
