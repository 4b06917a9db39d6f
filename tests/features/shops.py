"""Small shops written down sale by sale, and the stage that cleaning would make of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.features import CATALOGUE, customers_asof
from holdfast.tables import CUSTOMERS, ORDER_LINES, ORDERS, PRODUCTS, RETURNS, REVIEWS, Table

EVERY_COLUMN = frozenset(column for feature in CATALOGUE for need in feature.needs for column in need.split("|"))


@dataclass(frozen=True)
class Line:
    """One line of a sale; `returned` says how many pieces came back and when."""

    product: str
    quantity: int
    price: str
    service: bool = False
    seller: str | None = None
    returned: tuple[int, datetime] | None = None

    @property
    def amount(self) -> Decimal:
        return self.quantity * Decimal(self.price)

    @property
    def reversed_at(self) -> datetime | None:
        return self.returned[1] if self.returned and self.returned[0] == self.quantity else None


@dataclass(frozen=True)
class Sale:
    """One order; `facts` are optional columns of the orders table."""

    customer: str | None
    id: str
    at: datetime
    lines: tuple[Line, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """One review of an order."""

    customer: str
    order: str
    at: datetime
    score: int | None
    text: str | None = None


@dataclass(frozen=True)
class Shop:
    """Sales and reviews; `products` are name -> (category, brand), `customers` name -> columns of the profile."""

    sales: Sequence[Sale]
    reviews: Sequence[Review] = ()
    products: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    customers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


Row = Mapping[str, object]


class _Stage:
    """The rows of every table; keys are given in the order of the names, so further rows change them."""

    def __init__(self, shop: Shop) -> None:
        self._sales = sorted(shop.sales, key=lambda sale: (sale.customer or "", sale.at, sale.id))
        self._shop = shop
        names = {sale.customer for sale in shop.sales if sale.customer is not None}
        self._customers: dict[str | None, int] = {name: key for key, name in enumerate(sorted(names), start=1)}
        products = {line.product: line for sale in shop.sales for line in sale.lines}
        self._services = {name: line.service for name, line in products.items()}
        self._products = {name: key for key, name in enumerate(sorted(products), start=1)}
        self._orders = {sale.id: key for key, sale in enumerate(self._sales, start=1)}

    def rows(self) -> Mapping[Table, list[Row]]:
        return {
            ORDERS: [self._order(sale) for sale in self._sales],
            ORDER_LINES: [self._line(sale, line) for sale in self._sales for line in sale.lines],
            RETURNS: [self._return(sale, line) for sale in self._sales for line in sale.lines if line.returned],
            PRODUCTS: [self._product(name) for name in self._products],
            CUSTOMERS: [self._customer(name) for name in self._customers if name is not None],
            REVIEWS: [self._review(review) for review in self._shop.reviews],
        }

    def _order(self, sale: Sale) -> Row:
        goods = [line for line in sale.lines if not line.service]
        reversals = [line.reversed_at for line in goods]
        whole = [moment for moment in reversals if moment is not None]
        return {
            "customer_key": self._customers.get(sale.customer),
            "order_key": self._orders[sale.id],
            "order_id": sale.id,
            "ordered_at": sale.at,
            "day": (sale.at.date() - date(1970, 1, 1)).days,
            "lines": len(goods),
            "products": len({line.product for line in goods}),
            "units": sum(line.quantity for line in goods),
            "amount": sum((line.amount for line in goods), Decimal(0)),
            "service_amount": sum((line.amount for line in sale.lines if line.service), Decimal(0)),
            "reversed_at": max(whole) if goods and len(whole) == len(goods) else None,
            **sale.facts,
        }

    def _line(self, sale: Sale, line: Line) -> Row:
        return {
            "customer_key": self._customers.get(sale.customer),
            "order_key": self._orders[sale.id],
            "product_key": self._products[line.product],
            "ordered_at": sale.at,
            "quantity": line.quantity,
            "unit_price": Decimal(line.price),
            "amount": line.amount,
            "is_service": line.service,
            "reversed_at": line.reversed_at,
            "seller": line.seller,
        }

    def _return(self, sale: Sale, line: Line) -> Row:
        assert line.returned is not None
        quantity, moment = line.returned
        return {
            "customer_key": self._customers.get(sale.customer),
            "order_key": self._orders[sale.id],
            "product_key": self._products[line.product],
            "returned_at": moment,
            "quantity": -quantity,
            "amount": -quantity * Decimal(line.price),
            "is_whole": quantity == line.quantity,
        }

    def _product(self, name: str) -> Row:
        category, brand = self._shop.products.get(name, (None, None))
        return {
            "product_key": self._products[name],
            "product_id": name,
            "category": category,
            "brand": brand,
            "is_service": self._services[name],
        }

    def _customer(self, name: str) -> Row:
        return {"customer_key": self._customers[name], "customer_id": name, **self._shop.customers.get(name, {})}

    def _review(self, review: Review) -> Row:
        return {
            "customer_key": self._customers[review.customer],
            "order_key": self._orders[review.order],
            "score": review.score,
            "text": review.text,
            "created_at": review.at,
        }


@contextmanager
def opened(shop: Shop, *, threads: int = 1) -> Iterator[DuckEngine]:
    """An engine with the stage of the shop bound."""
    with DuckEngine(threads=threads) as engine:
        for table, rows in _Stage(shop).rows().items():
            _fill(engine, table, rows)
        yield engine


def _fill(engine: DuckEngine, table: Table, rows: Iterable[Row]) -> None:
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    engine.execute(f"CREATE TABLE {table.name} ({columns})")
    listed = list(rows)
    assert not {name for row in listed for name in row} - set(table.names)
    if listed:
        values = ", ".join("(" + ", ".join(_literal(row.get(name)) for name in table.names) + ")" for row in listed)
        engine.execute(f"INSERT INTO {table.name} VALUES {values}")


def _literal(value: object) -> str:
    """As text, which the engine casts to the type of the column."""
    return "NULL" if value is None else sql.text(str(value))


ByCustomer = dict[str, dict[str, Any]]


def features_of(
    shop: Shop, as_of: date, *, names: Sequence[str] | None = None, available: frozenset[str] = EVERY_COLUMN
) -> ByCustomer:
    """customer_id -> its features at as_of."""
    with opened(shop) as engine:
        customers_asof(engine, as_of=as_of, available=available, names=names)
        return kept(engine)


def kept(engine: DuckEngine, table: str = "customers_asof") -> ByCustomer:
    """customer_id -> its row; the keys, which a further import may change, are left out."""
    found = engine.rows(Query("all", "customer", f"SELECT * EXCLUDE (customer_key) FROM {table}")).dicts()
    return {row.pop("customer_id"): row for row in found}
