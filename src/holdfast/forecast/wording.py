"""Numbers as the sentences of this room write them."""

from holdfast.forecast.bootstrap import Difference


def counted(number: int, thing: str) -> str:
    """A number of things: 1 customer, 1,312 customers."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def percent(share: float) -> str:
    """A share: 41 %; what is neither nothing nor everything never rounds to it."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share:.0%}".replace("%", " %")


def points(difference: Difference) -> str:
    """A difference of two shares: +8.1 points, 95 % interval +5.0 to +11.2."""
    value, low, high = (f"{100 * x:+.1f}" for x in (difference.value, difference.low, difference.high))
    return f"{value} points, 95 % interval {low} to {high}"
