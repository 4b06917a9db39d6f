"""The only clock: doors stamp what they do with it; rooms never see it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - here, and nowhere else


def instant() -> datetime:
    """The present moment in UTC, as exactly as it is known: for things whose order matters."""
    return datetime.now(UTC)  # noqa: TID251 - and here


def stamp() -> str:
    """The present moment as ISO text."""
    return now().isoformat()


def today(time_zone: str) -> date:
    """The present day on the clocks of a time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(time_zone)).date()
