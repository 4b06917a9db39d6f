"""In what money the amounts are: said by a currency column, by signs beside the amounts, by headers, or by a person.

Amounts of different currencies are never added: such a file is refused unless rates turn all of them into one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, SettingsError
from holdfast.sources.names import CURRENCY_CODES, words

SYMBOLS = {
    "£": "GBP", "€": "EUR", "$": "USD", "US$": "USD", "¥": "JPY", "₹": "INR", "₺": "TRY", "₽": "RUB", "R$": "BRL",
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "MX$": "MXN",
}  # fmt: skip
AMBIGUOUS_SYMBOLS = ("$", "¥")
"""Signs of several currencies: read as the commonest, and said so."""


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency of the amounts (None: nobody says), the rates that turn others into it, and what to know of it."""

    code: str | None
    rates: dict[str, str] | None = None
    notes: tuple[str, ...] = ()


def codes_in(engine: DuckEngine, table: str, column: str) -> dict[str, int]:
    """How many rows name each currency."""
    code = f"upper(trim(CAST({sql.name(column)} AS VARCHAR)))"
    query = Query(
        "currencies",
        "one currency",
        f"SELECT {code} AS code, COUNT(*) AS n FROM {sql.name(table)} WHERE {code} <> '' "
        "GROUP BY 1 ORDER BY n DESC, code LIMIT 100",
    )
    return dict(engine.rows(query).rows)


def codes_in_headers(headers: Iterable[str]) -> set[str]:
    """The currencies that headers of amounts name."""
    return {word.upper() for header in headers for word in words(header)} & CURRENCY_CODES


def checked_rates(rates: Mapping[str, str] | None) -> dict[str, str] | None:
    """Rates into the shop's currency, as exact texts. Raises SettingsError unless all are positive numbers."""
    for code, rate in (rates or {}).items():
        try:
            is_positive = Decimal(rate) > 0
        except InvalidOperation:
            is_positive = False
        if not is_positive:
            raise SettingsError(
                f"The rate of {code} is no positive number.",
                seen=f"It is {rate!r}.",
                todo='Give rates as text, such as {"USD": "0.92", "EUR": "1"}.',
            )
    return {code.strip().upper(): rate for code, rate in rates.items()} if rates else None


def decide(
    *,
    in_column: Mapping[str, int],
    symbols: Mapping[str, int],
    in_headers: Iterable[str],
    preset: str | None,
    given: str | None,
    rates: Mapping[str, str] | None,
    file: str,
) -> Currency:
    """The currency of all amounts together. Raises InputError where they are in several and cannot be made one."""
    if given is not None and not re.fullmatch("[A-Za-z]{3}", given):
        raise SettingsError(
            f"{given!r} is no currency code.",
            seen="A code has three letters.",
            todo="Give an ISO 4217 code, such as EUR.",
        )
    given = given.upper() if given else None
    if in_column:
        return _from_column(dict(in_column), given, dict(rates) if rates else None, file)
    if symbols:
        return _from_symbols(symbols, given, file)
    named = sorted(in_headers)
    if given or preset:
        return Currency(given or preset)
    if len(named) == 1:
        return Currency(named[0], notes=(f"The headers name the currency {named[0]}.",))
    return Currency(None, notes=("No currency is named anywhere; --currency says which it is.",))


def _from_column(found: dict[str, int], given: str | None, rates: dict[str, str] | None, file: str) -> Currency:
    if len(found) == 1 and given in (None, *found):
        return Currency(next(iter(found)))
    seen = ", ".join(f"{code} in {rows:,} rows" for code, rows in found.items())
    missing = sorted(set(found) - set(rates or {}) - {given})
    target = given or next((code for code, rate in (rates or {}).items() if Decimal(rate) == 1), None)
    if missing or target is None:
        raise InputError(
            f"{file} has amounts in {'another currency than' if len(found) == 1 else 'several currencies, not only'} "
            f"{given or 'one'}.",
            seen=f"{seen}{'; no rate for ' + ', '.join(missing) if missing else ''}.",
            todo=f"Give the rate of each into the shop's currency{'' if target else ' (1 for itself)'}, "
            'such as --rates \'{"USD": "0.92", "EUR": "1"}\', or one file for each currency.',
            details={"currencies": found, "missing": missing},
        )
    covering = {target: "1"} | (rates or {})
    used = {code: covering[code] for code in found}
    return Currency(target, used, (f"Amounts are turned into {target} at the rates given: {seen}.",))


def _from_symbols(symbols: Mapping[str, int], given: str | None, file: str) -> Currency:
    codes = {SYMBOLS.get(symbol, symbol) for symbol in symbols}
    seen = ", ".join(f"{symbol} beside {cells:,} amounts" for symbol, cells in symbols.items())
    could_be_given = given in codes or set(symbols) <= set(AMBIGUOUS_SYMBOLS)
    if len(codes) > 1 or (given and not could_be_given):
        raise InputError(
            f"{file} has amounts in {'several currencies' if len(codes) > 1 else f'another currency than {given}'}.",
            seen=f"{seen}.",
            todo="Put the currency of each row into a column of its own and give rates, or make one file for each.",
            details={"currencies": dict(symbols)},
        )
    code = given or codes.pop()
    unclear = [symbol for symbol in symbols if symbol in AMBIGUOUS_SYMBOLS]
    notes = (f"{unclear[0]} is read as {code}; --currency says otherwise.",) if unclear and not given else ()
    return Currency(code, notes=notes)
