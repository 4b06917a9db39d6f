"""What shops call our fields: names in English, German, French, Spanish and Portuguese, and how sure each makes us."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

SURE, GOOD, LIKELY, ALMOST, WEAK = 0.97, 0.92, 0.84, 0.7, 0.6
"""From a name that means nothing else, over one that mostly means it, to one that often means something else."""

CURRENCY_CODES = frozenset(
    {
        "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP",
        "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD",
        "PEN", "PHP", "PKR", "PLN", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD",
        "VND", "ZAR",
    }
)  # fmt: skip
"""Codes recognised in headers, such as `Price (GBP)`."""

_ALMOST_EQUAL = 0.9
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=10_000)
def words(header: str) -> tuple[str, ...]:
    """A header as plain lower-case words: `CustomerID`, `customer_id` and `Customer ID` are the same."""
    spaced = _CAMEL.sub(" ", header.replace("#", " number ").replace("№", " no ").replace("º", "o"))
    plain = unicodedata.normalize("NFKD", spaced.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return tuple(re.findall(r"[a-z0-9]+", plain))


def key(header: str) -> str:
    """A header as one lower-case word, for comparing; the currency beside the name of an amount is no part of it."""
    called = words(header)
    return "".join(called[:-1] if len(called) > 1 and called[-1].upper() in CURRENCY_CODES else called)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one field, by how sure they make us."""

    field: str
    sure: tuple[str, ...]
    good: tuple[str, ...]
    likely: tuple[str, ...]
    weak: tuple[str, ...]

    def score(self, header: str) -> float:
        """How sure a header makes us that the column is this field, 0 to 1."""
        called = key(header)
        for certainty, names in ((SURE, self.sure), (GOOD, self.good), (LIKELY, self.likely), (WEAK, self.weak)):
            if called in {key(name) for name in names}:
                return certainty
        if any(_contains(header, name) for name in self.sure):
            return LIKELY
        return ALMOST if any(_almost_equal(called, key(name)) for name in self.sure) else 0.0


def _contains(header: str, name: str) -> bool:
    """Whether a name of several words stands in the header: `Shop Customer ID`, `order date (UTC)`."""
    wanted, there = words(name), words(header)
    return len(wanted) > 1 and any(there[i : i + len(wanted)] == wanted for i in range(len(there)))


def _almost_equal(one: str, other: str) -> bool:
    """Whether two names differ by a letter or so."""
    close = abs(len(one) - len(other)) <= 1 and one[:1] == other[:1]
    return close and SequenceMatcher(None, one, other).ratio() >= _ALMOST_EQUAL


def names(field: str, sure: str, good: str = "", likely: str = "", weak: str = "") -> Names:
    """The names of a field from comma-separated texts; its own name is one of them."""
    split = [tuple(name.strip() for name in text.split(",") if name.strip()) for text in (sure, good, likely, weak)]
    return Names(field, (field.replace("_", " "), *split[0]), split[1], split[2], split[3])
