"""A feature is one frozen entry: what it is called, what it means, and the expression that computes it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from holdfast.engine.dialect import Sql
from holdfast.tables import MONEY as _MONEY

INTEGER, DOUBLE, DECIMAL, LABEL = "INTEGER", "DOUBLE", _MONEY, "VARCHAR"
"""The SQL types a feature may have."""


class Unit(StrEnum):
    """What one of a feature means."""

    DAYS = "days"
    ORDERS = "orders"
    ORDER_DAYS = "order days"
    PRODUCTS = "products"
    PIECES = "pieces"
    LINES = "lines"
    REVIEWS = "reviews"
    KINDS = "kinds"
    MONEY = "money"
    STARS = "stars, 1 to 5"
    SHARE = "share, 0 to 1"
    RATIO = "ratio"
    INSTALMENTS = "instalments"
    NUMBER = "number"
    LABEL = "label"


class Missing(StrEnum):
    """What stands where a customer has no value. Trees read missing as it is; linear models read `filled`."""

    NEVER = "never missing"
    ZERO = "0: nothing happened"
    MEDIAN = "kept missing; filled with the median and a flag"
    UNKNOWN = "kept missing; filled with 'unknown' and a flag"


class Grain(StrEnum):
    """What one row is before a feature sums it up to the customer; see `grains` for the columns of each."""

    ORDERS = "live order"
    PRODUCTS = "customer and product"
    CATEGORIES = "customer and category"
    BRANDS = "customer and brand (seller where the shop names no brand)"
    SELLERS = "customer and seller"
    PAYMENTS = "customer and payment type"
    RETURNS = "return line"
    REVERSALS = "order that was reversed as a whole"
    REVIEWS = "review"
    PLACES = "customer with the figures of its city, state and region"
    PROFILE = "customer as the shop describes it"
    CUSTOMER = "customer with other features"


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of `customers_asof`.

    `sql` sums the rows of `grain` up to one value a customer. `needs` are columns, as table.column, that not every shop
    fills: the feature exists only where all of them are filled; `a|b` is met by either. `uses` are the features that
    an expression of grain CUSTOMER reads; they are never of that grain themselves.
    """

    name: str
    definition: str
    unit: Unit
    missing: Missing
    grain: Grain
    sql: Sql
    type: str = DOUBLE
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def possible(self, available: AbstractSet[str]) -> bool:
        """Whether a shop that fills these columns can have the feature."""
        return all(any(column in available for column in need.split("|")) for need in self.needs)

    def row(self) -> dict[str, object]:
        """The entry as one row of the catalogue."""
        return {
            "name": self.name,
            "definition": self.definition,
            "unit": str(self.unit),
            "type": self.type,
            "missing": str(self.missing),
            "grain": str(self.grain),
            "needs": list(self.needs),
            "uses": list(self.uses),
        }
