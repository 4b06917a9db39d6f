"""Values as JSON knows them, the same at every door: money and dates as text, NaN as null."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


def plain(value: object) -> Any:
    """A value as JSON knows it."""
    match value:
        case Mapping():
            result: Any = {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            result = [plain(each) for each in value]
        case Decimal():
            result = format(value, "f")
        case datetime() | date():
            result = value.isoformat()
        case float() if math.isnan(value):
            result = None
        case Path():
            result = str(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            result = plain(asdict(value))
        case _:
            result = value
    return result
