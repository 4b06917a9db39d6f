"""Which strptime pattern a cell's shape calls for: the grammar of dates that shops' files are written in."""

import re
from typing import Literal

from holdfast.engine.dialect import EPOCH, EPOCH_MS, EXCEL

DateOrder = Literal["dmy", "mdy", "ymd"]
"""Day/month/year as in most of the world, month/day/year as in the United States, or year/month/day."""

DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_CLOCK = r"(?P<hour>00?):00(?P<seconds>:00)?(?P<fraction>[.,]0{1,9})?(?P<half> ?[AaPp][Mm])?"
_ZONE = r"(?P<zone_gap> ?)(?P<zone>Z|UTC|GMT|[+-]00(?::?00)?)"
_TIME_OF_DAY = rf"(?:(?P<gap>T|,? +){_CLOCK}(?:{_ZONE})?)?"
_WEEKDAY = r"(?P<weekday>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?(?P<after_weekday>,? +))?"
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_YEAR = r"(?P<year>0000|00)"


def _grammar(date: str) -> re.Pattern[str]:
    return re.compile(rf"{_WEEKDAY}{date}{_TIME_OF_DAY}", re.IGNORECASE)


_YEAR_FIRST = _grammar(r"0000(?P<a>[-/.])00?(?P<b>[-/.])00?")
_NUMBERS = _grammar(rf"00?(?P<a>[-/.] ?)00?(?P<b>[-/.] ?){_YEAR}")
_DAY_NAME = _grammar(rf"00?(?P<a>[-/. ]+){_MONTH}(?P<b>[-/., ]+){_YEAR}")
_NAME_DAY = _grammar(rf"{_MONTH}(?P<a>[. ]+)00?(?P<b>,? +){_YEAR}")
_COMPACT = re.compile(rf"0{{8}}(?P<rest>\.0)?{_TIME_OF_DAY}")
_COMPACT_CLOCK = re.compile(r"0{8}(?P<gap>[T ]?)(?P<digits>0000(?:00)?)(?P<zone>Z|[+-]00(?::?00)?)?")
_BARE = (
    (re.compile(r"0{10}(\.0+)?"), EPOCH),
    (re.compile(r"0{13}(\.0)?"), EPOCH_MS),
    (re.compile(r"0{5}(\.0+)?"), EXCEL),
)
_PLACES: dict[DateOrder, tuple[str, str, str]] = {
    "dmy": ("%d", "%m", "year"),
    "mdy": ("%m", "%d", "year"),
    "ymd": ("year", "%m", "%d"),
}


def pattern_of(shape: str, order: DateOrder = "dmy") -> str | None:
    """The strptime pattern of a shape under a date order, or None where it is no date.

    Digits alone, which may as well be an id or an amount, are the business of `pattern_of_digits`.
    """
    if found := _YEAR_FIRST.fullmatch(shape):
        return _whole(found, f"%Y{found['a']}%m{found['b']}%d")
    if found := _NUMBERS.fullmatch(shape):
        if order == "ymd" and found["year"] == "0000":
            return None
        first, second, third = (_year(found) if place == "year" else place for place in _PLACES[order])
        return _whole(found, f"{first}{found['a']}{second}{found['b']}{third}")
    if found := _DAY_NAME.fullmatch(shape):
        return _whole(found, f"%d{found['a']}{_month(found)}{found['b']}{_year(found)}")
    if found := _NAME_DAY.fullmatch(shape):
        return _whole(found, f"{_month(found)}{found['a']}%d{found['b']}{_year(found)}")
    return None


def pattern_of_digits(shape: str) -> str | None:
    """How digits alone could be a time: 20101201, 20101201 0826, seconds or milliseconds since 1970, an Excel day."""
    if found := _COMPACT.fullmatch(shape):
        return _whole(found, f"%Y%m%d{found['rest'] or ''}")
    if found := _COMPACT_CLOCK.fullmatch(shape):
        seconds = "%S" if len(found["digits"]) == 6 else ""
        return f"%Y%m%d{found['gap']}%H%M{seconds}{'%z' if found['zone'] else ''}"
    return next((name for bare, name in _BARE if bare.fullmatch(shape)), None)


def depends_on_order(shape: str) -> bool:
    """Whether day and month of the shape can be told apart only by the date order."""
    return _NUMBERS.fullmatch(shape) is not None


def _whole(found: re.Match[str], date: str) -> str:
    """The pattern with the weekday before and the time of day after the date."""
    parts = found.groupdict()
    before = ""
    if weekday := parts.get("weekday"):
        in_full = weekday.rstrip(", ").lower().endswith("day")
        before = ("%A" if in_full else "%a") + parts["after_weekday"]
    if not parts["hour"]:
        return before + date
    clock = "%I:%M" if parts["half"] else "%H:%M"
    clock += ":%S" if parts["seconds"] else ""
    if fraction := parts["fraction"]:
        clock += fraction[0] + ("%f" if len(fraction) <= 7 else "%n")  # micro- or nanoseconds
    if half := parts["half"]:
        clock += (" " if half.startswith(" ") else "") + "%p"
    if zone := parts["zone"]:
        clock += " %z" if parts["zone_gap"] and zone[0] in "+-" else "%z"
    return f"{before}{date}{parts['gap']}{clock}"


def _year(found: re.Match[str]) -> str:
    return "%Y" if found["year"] == "0000" else "%y"


def _month(found: re.Match[str]) -> str:
    return "%b" if len(found["month"]) == 3 else "%B"
