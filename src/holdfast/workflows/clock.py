"""The only clock: doors stamp what they do with it; rooms never see it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - here, and nowhere else


def stamp() -> str:
    """The present moment as ISO text."""
    return now().isoformat()
