"""Products that behave like services: postage, fees, adjustments. Proposed here, confirmed by a person, then policy.

Goods have a price; a service line has an amount. What is sold one at a time at ever different prices, or is called
postage or fee, is proposed with its reason.
"""

from dataclasses import dataclass
from decimal import Decimal

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql

_WORDS = (
    r"(?i)\b(postage|shipping|carriage$|freight|delivery|handling|fees?|charges?|commission|adjust(ment)?|"
    r"bad debt|manual|discount|sample|gift ?card|voucher|donation|surcharge|versand|porto|geb(ü|ue)hr|gutschein|rabatt|"
    r"livraison|frais|remise|env(í|i)o|gastos|descuento|frete|taxa|desconto)\b"
)
_LEAST_PRICES = 12
_ONE_AT_A_TIME = 0.9  # share of lines with one unit
_EVER_DIFFERENT = 0.6  # distinct prices a line


@dataclass(frozen=True, slots=True)
class ServiceProposal:
    """A product that looks like a service: why, and what its lines amount to."""

    product_id: str
    product_name: str | None
    lines: int
    amount: Decimal
    why: str


def propose_services(engine: DuckEngine) -> tuple[ServiceProposal, ...]:
    """Proposals from the stage tables `order_lines` and `products`, those called so first, without known services."""
    query = Query("service_proposals", "one product that is not yet a service", f"""
        WITH behaviour AS (
            SELECT product_key, COUNT(*) AS lines, SUM(amount) AS amount, COUNT(DISTINCT unit_price) AS prices,
                {sql.count_where("abs(quantity) = 1")} AS singles
            FROM order_lines WHERE product_key IS NOT NULL GROUP BY product_key
        )
        SELECT p.product_id, p.product_name, b.lines, b.amount, b.prices,
            COALESCE({sql.matches("p.product_name", _WORDS)}, FALSE) AS is_called_so,
            b.prices >= $least AND b.singles >= $one * b.lines AND b.prices >= $different * b.lines AS behaves_so
        FROM behaviour AS b JOIN products AS p USING (product_key)
        WHERE NOT p.is_service AND (is_called_so OR behaves_so)
        ORDER BY is_called_so DESC, abs(b.amount) DESC, p.product_id""",
        {"least": _LEAST_PRICES, "one": _ONE_AT_A_TIME, "different": _EVER_DIFFERENT})  # fmt: skip
    return tuple(
        ServiceProposal(product_id, name, lines, amount, _why(lines, prices, is_called_so=called, behaves_so=behaves))
        for product_id, name, lines, amount, prices, called, behaves in engine.rows(query).rows
    )


def _why(lines: int, prices: int, *, is_called_so: bool, behaves_so: bool) -> str:
    reasons = []
    if is_called_so:
        reasons.append("its name says so")
    if behaves_so:
        reasons.append(f"sold one at a time at {prices:,} different prices in {lines:,} lines")
    return " and ".join(reasons)
