"""Who was erased, so that they stay away: a file of keyed hashes in the shop's folder, read by every import.

A hash needs the server's secret. With it an id that comes again is recognised; without it nobody can tell who it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from holdfast.access.secrets import FILE_NAME as SECRET
from holdfast.access.secrets import keep_secret, keyed_hash, secret_of
from holdfast.engine import DuckEngine
from holdfast.errors import SettingsError
from holdfast.settings import Settings
from holdfast.store import Import
from holdfast.store.files import flush
from holdfast.store.imports import recounted
from holdfast.workflows.shop import Shop
from holdfast.workflows.traces import customers_in, traces

ERASED = "erased.json"


def tombstone(shop: Shop, customer_id: str) -> str:
    """What is kept of a customer who was erased."""
    return keyed_hash(secret_of(shop.settings), f"{shop.settings.tenant}\n{customer_id}")


def tombstones(shop: Shop) -> frozenset[str]:
    """Everybody who was erased; SettingsError where the secret is another one than they were hashed with."""
    stored = shop.folder.read_json(ERASED)
    if stored is None:
        return frozenset()
    if stored["secret"] != key_check(shop):
        raise SettingsError(
            "Customers who were erased from this shop cannot be recognised.",
            seen="They were hashed with another secret.",
            todo="Set HOLDFAST_SECRET to the one of that time, or put the file `secret` back into the home folder.",
        )
    return frozenset(stored["customers"])


def bury(shop: Shop, hashes: Iterable[str]) -> None:
    """Remember that these were erased; under the shop's lock."""
    together = sorted(tombstones(shop).union(hashes))
    shop.folder.write_json(ERASED, {"secret": key_check(shop), "customers": together})


def key_check(shop: Shop) -> str:
    """Tells whether two secrets are the same one."""
    return _check(secret_of(shop.settings))


def put_secret_in_force(settings: Settings, backup: Path, stored: Sequence[Mapping[str, Any]]) -> None:
    """See to it that the home's secret is the one that all these tombstones were hashed with.

    It is the home's own, else the backup's. Raises SettingsError where neither fits.
    """
    files = [settings.home / SECRET, *([backup / SECRET] if settings.secret is None else [])]
    known = [settings.secret] if settings.secret else [path.read_text() for path in files if path.exists()]
    fitting = [secret for secret in known if all(_check(secret) == each["secret"] for each in stored)]
    if fitting and settings.secret is None:
        keep_secret(settings, fitting[0])
    if stored and not fitting:
        raise SettingsError(
            "Customers who were erased cannot be recognised; nothing was changed.",
            seen="They were hashed with another secret than this home's.",
            todo="Set HOLDFAST_SECRET to the one that the backup, or this home, was used with.",
        )


def _check(secret: str) -> str:
    return keyed_hash(secret, "tombstones")


def erased_among(shop: Shop, customers: Iterable[str]) -> list[str]:
    """Those of some customers who were erased."""
    known = tombstones(shop)
    return [customer for customer in customers if tombstone(shop, customer) in known] if known else []


def without_erased(shop: Shop, engine: DuckEngine, record: Import) -> tuple[Import, Sequence[str]]:
    """A new import without the rows of those who were erased, and a sentence if there were any."""
    unwanted = erased_among(shop, customers_in(engine, record)) if tombstones(shop) else []
    if not unwanted:
        return record, ()
    left, removed = {}, 0
    for trace in traces(engine, [record], unwanted):
        path = Path(trace.table.path)
        others = path.with_name(f".{path.name}")
        left[trace.table.path] = trace.write_others(engine, others)
        removed += trace.table.rows - left[trace.table.path]
        flush(others)
        others.replace(path)
    note = f"{removed:,} rows of customers who were erased from this shop were left out."
    return recounted(record, left, note=note), (note,)
