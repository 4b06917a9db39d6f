"""From a command's options to a shop and to what a person said about a file. Imported when a command runs."""

from collections.abc import Sequence
from pathlib import Path

from holdfast.errors import InputError
from holdfast.settings import Settings
from holdfast.sources.documents import read_document
from holdfast.workflows.importing import HowToRead
from holdfast.workflows.shop import Shop


def open_shop(home: Path | None, tenant: str | None) -> Shop:
    """The shop of --home and --tenant, over environment and file."""
    return Shop.open(Settings.load({"home": home, "tenant": tenant}))


def how_to_read(
    maps: Sequence[str] | None,
    mapping: Path | None,
    *,
    preset: str | None,
    currency: str | None,
    date_order: str | None,
    decimal: str | None,
    rates: Path | None,
) -> HowToRead:
    """What the options say about a file; InputError where they say nothing sensible."""
    columns = {str(ours): str(theirs) for ours, theirs in read_document(mapping).items()} if mapping else {}
    columns |= dict(_pair(text, "--map", "customer_id=CustomerID") for text in maps or ())
    return HowToRead(
        mapping=columns or None,
        preset=preset,
        currency=currency.upper() if currency else None,
        date_order=date_order,
        decimal=decimal,
        rates={code.upper(): str(rate) for code, rate in read_document(rates).items()} if rates else None,
    )


def mapping_from(maps: Sequence[str] | None) -> dict[str, str] | None:
    """Our field -> column, as given with --map."""
    return dict(_pair(text, "--map", "country_code=country") for text in maps) if maps else None


def rules_from(texts: Sequence[str] | None) -> dict[str, object]:
    """Single rules of a policy, as given with --rule."""
    return dict(_pair(text, "--rule", "free_goods=keep") for text in texts or ())


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"{option} needs NAME=VALUE.", seen=f"It was {text!r}.", todo=f"Write {option} {example}.")
    return name.strip(), value.strip()
