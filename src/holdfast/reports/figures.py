"""Numbers as a person writes them: £48,210 and 41 %."""

from decimal import ROUND_HALF_UP, Decimal

from holdfast.units import to_cents

NOTHING = "–"
"""Shown where there is no figure."""

SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "USD": "$",
}
"""Currencies whose sign everybody reads; others show their code behind the amount."""


def money(amount: Decimal, currency: str) -> str:
    """An amount in whole units of its currency: £48,210, or 48,210 XYZ; for sentences."""
    return _signed(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP), currency)


def exact_money(amount: Decimal, currency: str) -> str:
    """An amount to the cent: £48,210.35; for tables that have to add up."""
    return _signed(to_cents(amount), currency)


def count(number: int) -> str:
    """A whole number: 1,549."""
    return f"{number:,}"


def counted(number: int, thing: str) -> str:
    """A number of things: 1 customer, 312 customers."""
    return f"{count(number)} {thing}" if number == 1 else f"{count(number)} {thing}s"


def percent(share: float | None) -> str:
    """A share: 41 %; what is neither nothing nor everything never rounds to it."""
    if share is None:
        return NOTHING
    whole = int(Decimal(str(share * 100)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if whole == 0 and share > 0:
        return "under 1 %"
    if whole == 100 and share < 1:
        return "over 99 %"
    return f"{whole} %"


def _signed(amount: Decimal, currency: str) -> str:
    sign, digits = ("-" if amount < 0 else ""), f"{abs(amount):,}"
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits} {currency}".rstrip()
