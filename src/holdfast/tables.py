"""The contract of every table: columns, types, grain. Rooms talk through these and through nothing else.

`FIELDS` are the columns a shop may give us (the target of a mapping); the `Table` constants are what the rooms make of
them. Integer surrogate keys (`customer_key`, `order_key`, `product_key`) join the tables; the texts of the shop stand
once, in `customers`, `orders` and `products`. Money is DECIMAL(18,4) in the currency of the data set. Timestamps carry
no zone: they are in the shop's one time zone.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a cell is read."""

    ID = "id"
    TEXT = "text"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"


class Level(StrEnum):
    """What a field describes; an order's fields may stand on its first row only."""

    LINE = "line"
    ORDER = "order"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Field:
    """One column a shop may give us."""

    name: str
    kind: Kind
    level: Level
    definition: str


FIELDS: tuple[Field, ...] = (
    Field("customer_id", Kind.ID, Level.ORDER, "who bought: one id per person, not per order"),
    Field("order_id", Kind.ID, Level.ORDER, "which order a line belongs to"),
    Field("ordered_at", Kind.TIME, Level.ORDER, "when the order was placed"),
    Field("product_id", Kind.ID, Level.LINE, "what was bought (stock code, SKU)"),
    Field("quantity", Kind.NUMBER, Level.LINE, "how many units; negative for returns"),
    Field("unit_price", Kind.MONEY, Level.LINE, "price of one unit, after line discounts"),
    Field("amount", Kind.MONEY, Level.LINE, "value of the line; wins over quantity x unit_price"),
    Field("order_total", Kind.MONEY, Level.ORDER, "value of the whole order, where lines have no amount"),
    Field("currency", Kind.TEXT, Level.ORDER, "ISO 4217 code of the amounts"),
    Field("product_name", Kind.TEXT, Level.PRODUCT, "what the product is called"),
    Field("category", Kind.TEXT, Level.PRODUCT, "product category"),
    Field("brand", Kind.TEXT, Level.PRODUCT, "brand or maker"),
    Field("seller", Kind.TEXT, Level.LINE, "who sells, on a marketplace"),
    Field("discount", Kind.MONEY, Level.LINE, "money taken off the line or order, as a positive amount"),
    Field("voucher", Kind.TEXT, Level.ORDER, "voucher or discount code used"),
    Field("channel", Kind.TEXT, Level.ORDER, "where the order came in"),
    Field("country", Kind.TEXT, Level.ORDER, "country of the customer at that order"),
    Field("state", Kind.TEXT, Level.ORDER, "state or region of the customer at that order"),
    Field("city", Kind.TEXT, Level.ORDER, "city of the customer at that order"),
    Field("cost", Kind.MONEY, Level.LINE, "cost of goods of the line"),
    Field("tax", Kind.MONEY, Level.LINE, "tax on the line, not part of amount"),
    Field("shipping", Kind.MONEY, Level.LINE, "freight charged, not part of amount"),
    Field("payment_type", Kind.TEXT, Level.ORDER, "how it was paid"),
    Field("installments", Kind.NUMBER, Level.ORDER, "number of instalments"),
    Field("order_status", Kind.TEXT, Level.ORDER, "state of the order when the file was written"),
    Field("delivered_at", Kind.TIME, Level.ORDER, "when it reached the customer"),
    Field("promised_at", Kind.TIME, Level.ORDER, "when it was promised for"),
    Field("cancelled_at", Kind.TIME, Level.ORDER, "when the whole order was cancelled"),
)
FIELD: dict[str, Field] = {field.name: field for field in FIELDS}

CUSTOMER_FIELDS: tuple[Field, ...] = (
    Field("customer_id", Kind.ID, Level.ORDER, "the same id as in the orders"),
    Field("consent", Kind.TEXT, Level.ORDER, "may be contacted: yes or no"),
    Field("channel", Kind.TEXT, Level.ORDER, "channel that won the customer"),
    Field("account_manager", Kind.TEXT, Level.ORDER, "who looks after the account"),
    Field("acquisition_cost", Kind.MONEY, Level.ORDER, "what winning the customer cost"),
    Field("region", Kind.TEXT, Level.ORDER, "region of the account"),
    Field("email", Kind.TEXT, Level.ORDER, "where to write to"),
)
"""An optional table beside the orders: one row per customer."""

REVIEW_FIELDS: tuple[Field, ...] = (
    Field("order_id", Kind.ID, Level.ORDER, "the order reviewed"),
    Field("score", Kind.NUMBER, Level.ORDER, "stars, 1 to 5"),
    Field("text", Kind.TEXT, Level.ORDER, "what the customer wrote"),
    Field("created_at", Kind.TIME, Level.ORDER, "when it was written; it is known from then on"),
)
"""An optional table beside the orders: one row per review."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one of our tables; `type` is the engine's SQL type."""

    name: str
    type: str
    definition: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table a room hands on: its grain in words, its columns in order."""

    name: str
    grain: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


MONEY = "DECIMAL(18,4)"

_CUSTOMER = Column("customer_key", "INTEGER", "key of the customer; NULL where the shop does not know who bought")
_ORDER = Column("order_key", "INTEGER", "key of the order")
_PRODUCT = Column("product_key", "INTEGER", "key of the product; NULL where the file names none")

ORDER_LINES = Table(
    "order_lines",
    "one kept line of an order",
    (
        _CUSTOMER,
        _ORDER,
        _PRODUCT,
        Column("ordered_at", "TIMESTAMP", "when the order was placed; the line is known from then on"),
        Column("quantity", MONEY, "units"),
        Column("unit_price", MONEY, "price of one unit"),
        Column("amount", MONEY, "value of the line: as given, else quantity x unit_price"),
        Column("is_service", "BOOLEAN", "postage, fee or adjustment rather than goods"),
        Column("reversed_at", "TIMESTAMP", "when the whole line was returned or cancelled; not known before then"),
        Column("seller", "VARCHAR", "who sells, on a marketplace"),
        Column("discount", MONEY, "money taken off"),
        Column("cost", MONEY, "cost of goods"),
        Column("tax", MONEY, "tax on top of amount"),
        Column("shipping", MONEY, "freight charged on top of amount"),
        Column("source", "INTEGER", "position of its file among the imports"),
        Column("row_number", "BIGINT", "row in that file, the first data row is 1"),
    ),
)

ORDERS = Table(
    "orders",
    "one order of one customer on one day, from its sale lines (returns stand in `returns`)",
    (
        _CUSTOMER,
        _ORDER,
        Column("order_id", "VARCHAR", "id as in the file"),
        Column("ordered_at", "TIMESTAMP", "the earliest time on its lines"),
        Column("day", "INTEGER", "day of ordered_at, counted from 1970-01-01"),
        Column("lines", "INTEGER", "goods lines; 0 = nothing but services, which does not count as an order"),
        Column("products", "INTEGER", "distinct products among the goods lines"),
        Column("units", MONEY, "units of goods"),
        Column("amount", MONEY, "value of the goods lines, before returns"),
        Column("service_amount", MONEY, "value of the service lines"),
        Column("discount", MONEY, "money taken off; NULL if the file does not say"),
        Column("cost", MONEY, "cost of goods; NULL if the file does not say"),
        Column("tax", MONEY, "tax; NULL if the file does not say"),
        Column("shipping", MONEY, "freight; NULL if the file does not say"),
        Column("reversed_at", "TIMESTAMP", "when the last of its goods lines was returned or cancelled, if all were"),
        Column("currency", "VARCHAR", "currency of the amounts"),
        Column("voucher", "VARCHAR", "voucher code used"),
        Column("channel", "VARCHAR", "where the order came in"),
        Column("country", "VARCHAR", "country at that order"),
        Column("state", "VARCHAR", "state at that order"),
        Column("city", "VARCHAR", "city at that order"),
        Column("payment_type", "VARCHAR", "how it was paid"),
        Column("installments", MONEY, "number of instalments"),
        Column("order_status", "VARCHAR", "state when the file was written: not known at an earlier as_of"),
        Column("delivered_at", "TIMESTAMP", "when delivered; not known before then"),
        Column("promised_at", "TIMESTAMP", "promised delivery, known with the order"),
    ),
)

RETURNS = Table(
    "returns",
    "one return or cancellation line, undoing (part of) one sale line from returned_at on",
    (
        _CUSTOMER,
        Column("order_key", "INTEGER", "the order it undoes"),
        _PRODUCT,
        Column("returned_at", "TIMESTAMP", "when it came back; not known before then"),
        Column("quantity", MONEY, "units that came back, negative"),
        Column("amount", MONEY, "value undone, negative"),
        Column("is_whole", "BOOLEAN", "undoes a whole sale line"),
        Column("return_order_id", "VARCHAR", "id of the cancellation in the file"),
        Column("source", "INTEGER", "position of its file among the imports"),
        Column("row_number", "BIGINT", "row in that file"),
    ),
)

PRODUCTS = Table(
    "products",
    "one product",
    (
        _PRODUCT,
        Column("product_id", "VARCHAR", "id as in the file"),
        Column("product_name", "VARCHAR", "what it was called at its first sale"),
        Column("category", "VARCHAR", "category at its first sale"),
        Column("brand", "VARCHAR", "brand at its first sale"),
        Column("is_service", "BOOLEAN", "postage, fee or adjustment"),
    ),
)

CUSTOMERS = Table(
    "customers",
    "one customer with at least one kept line",
    (
        _CUSTOMER,
        Column("customer_id", "VARCHAR", "id exactly as in the file"),
        Column("consent", "BOOLEAN", "may be contacted; NULL if the shop does not say"),
        Column("channel", "VARCHAR", "channel that won the customer"),
        Column("account_manager", "VARCHAR", "who looks after the account"),
        Column("acquisition_cost", MONEY, "what winning the customer cost"),
        Column("region", "VARCHAR", "region of the account"),
        Column("email", "VARCHAR", "where to write to"),
    ),
)

REVIEWS = Table(
    "reviews",
    "one review of one order",
    (
        _CUSTOMER,
        _ORDER,
        Column("score", "INTEGER", "stars, 1 to 5"),
        Column("text", "VARCHAR", "what the customer wrote"),
        Column("created_at", "TIMESTAMP", "when it was written; known from then on"),
    ),
)

REJECTS = Table(
    "rejects",
    "one line of a file that was not kept",
    (
        Column("source", "INTEGER", "position of its file among the imports"),
        Column("row_number", "BIGINT", "row in that file, the first data row is 1"),
        Column("reason", "VARCHAR", "reason code, see cleaning"),
        Column("column_name", "VARCHAR", "the column at fault, where there is one"),
        Column("seen", "VARCHAR", "what stood there"),
        Column("expected", "VARCHAR", "what was expected"),
        Column("order_id", "VARCHAR", "order of the line"),
        Column("customer_id", "VARCHAR", "customer of the line"),
        Column("amount", MONEY, "value of the line; NULL where it cannot be read"),
    ),
)

STAGE: tuple[Table, ...] = (ORDER_LINES, ORDERS, RETURNS, PRODUCTS, CUSTOMERS, REVIEWS, REJECTS)
"""What a data set holds, one Parquet file each. order_lines and orders are sorted by customer."""


# --- between sources and cleaning: what a file said, and how to read it ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """How one of our fields is read from one column of a raw table; decided once for the whole column.

    `time_formats` are strptime patterns tried in turn (all with the same day/month order), or one of "epoch",
    "epoch_ms" and "excel" for times written as numbers; empty where the column is already a date or timestamp. A
    pattern with %z is converted to the shop's zone. `decimal` and `thousands` are the separators of numbers.
    """

    column: str
    time_formats: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it came: a Parquet file with the columns of the shop, untouched, and how to read them.

    Every raw Parquet has a BIGINT column `row_number` (the first data row is 1) and, if its text had damaged rows, a
    VARCHAR column `damaged` holding such a row whole (its other columns are NULL). `content` is "lines", "customers" or
    "reviews". `rows_are_orders`: each row is an order by itself. `carry_down`: fields of the order stand on its first
    row only. `rates` turn amounts of a currency into `currency`.
    """

    path: str
    content: str
    file: str
    sha256: str
    rows: int
    readings: dict[str, Reading]
    rows_are_orders: bool = False
    carry_down: bool = False
    currency: str | None = None
    time_zone: str = "UTC"
    rates: dict[str, str] | None = None
    notes: tuple[str, ...] = ()


ROW_NUMBER = "row_number"
DAMAGED = "damaged"
