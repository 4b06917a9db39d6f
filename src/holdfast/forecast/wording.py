"""Numbers as the sentences of this room write them."""


def counted(number: int, thing: str) -> str:
    """A number of things: 1 customer, 1,312 customers."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def percent(share: float) -> str:
    """A share: 41 %; what is neither nothing nor everything never rounds to it."""
    near = round(100 * share)
    if near == 0 and share > 0:
        return "under 1 %"
    return "over 99 %" if near == 100 and share < 1 else f"{near} %"


def money(amount: float, currency: str | None) -> str:
    """An amount: 1,312 EUR, 12.50 EUR; whole from 100 on, and without a currency where none is known."""
    rounded = f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.2f}"
    number = rounded.lstrip("-") if float(rounded.replace(",", "")) == 0 else rounded
    return f"{number} {currency}" if currency else number
