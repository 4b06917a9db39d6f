"""The edition of a shop: its data set, the model in use and the settings that show. Whatever is read follows from it.

So an answer can be kept as long as one likes under the name of its edition, and is never stale.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from holdfast.errors import InputError, NotFoundError
from holdfast.settings import Settings
from holdfast.store import Dataset, ShopFolder, StoredModel, default_model, read_dataset
from holdfast.store.models import read_model
from holdfast.workflows.datasets import version_in_force
from holdfast.workflows.latest import Latest
from holdfast.workflows.shop import Shop, as_of_date, proposed_as_of

GROUP_SETTINGS = (
    "risk_cutoffs", "archetypes", "archetypes_by_stability", "archetypes_with_engagement", "horizon_days", "seed",
)  # fmt: skip
"""What groups are made with."""

VALUE_SETTINGS = ("margin", "discount_rate", "value_years")
"""What forecasts are valued with."""

VERSION = version("holdfast")

LONGEST_LOOK = timedelta(days=3653)
"""How long after its last order a shop can be looked at: ten years, beyond which all are gone anyway."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What answers about a shop are made from; `model` is the one in use, None before the first."""

    dataset: Dataset
    model: StoredModel | None
    settings: Settings

    @property
    def groups_tag(self) -> str:
        """A short name for the settings that groups depend on."""
        return _tag(*(getattr(self.settings, name) for name in GROUP_SETTINGS))

    @property
    def forecasts_tag(self) -> str:
        """A short name for the model and the settings that its forecasts are valued with."""
        model = self.model.record.id if self.model else "none"
        return f"{model}-{_tag(*(getattr(self.settings, name) for name in VALUE_SETTINGS))}"

    @property
    def tag(self) -> str:
        """A short name for all of it, and for the version of Holdfast."""
        return _tag(self.dataset.manifest.version, self.groups_tag, self.forecasts_tag, VERSION)

    def day(self, given: str | date | None) -> date:
        """The as_of of a question, by default the data set's proposal; InputError where nothing can be seen from it."""
        manifest = self.dataset.manifest
        day = as_of_date(given, self.dataset)
        first, last = (
            date.fromisoformat((moment or "")[:10]) for moment in (manifest.first_order, manifest.last_order)
        )
        if day <= first:
            raise InputError(
                "Nobody had ordered by then.",
                seen=f"as_of {day}, first order {first}. Known is every day before as_of.",
                todo="Choose a later as_of.",
            )
        if day - last > LONGEST_LOOK:
            raise InputError(
                "That is too far from the shop's last order.",
                seen=f"as_of {day}, last order {last}.",
                todo="Choose an earlier as_of, or import newer orders.",
            )
        return day

    def is_today(self, day: date) -> bool:
        """Whether a day is the data set's own proposal."""
        return day == proposed_as_of(self.dataset)


def needed_edition(shop: Shop) -> Edition:
    """The edition in force; NotFoundError where the shop has no orders."""
    name = version_in_force(shop.folder)
    if name is None:
        raise no_orders(shop.settings.tenant)
    dataset = _dataset(shop.folder, name)
    if dataset.manifest.as_of is None:
        raise no_orders(shop.settings.tenant)
    model_id = default_model(shop.folder)
    return Edition(dataset, read_model(shop.folder, model_id) if model_id else None, shop.settings)


def currency_of(shop: Shop) -> str | None:
    """In which currency the shop's amounts are written: that of its orders, else the one of its settings."""
    name = version_in_force(shop.folder)
    return (_dataset(shop.folder, name).manifest.currency if name else None) or shop.settings.currency


def no_orders(tenant: str) -> NotFoundError:
    """What is said of a shop without orders."""
    return NotFoundError(
        "This shop has no orders yet.",
        seen=f"Tenant {tenant} has no data set.",
        todo="Import a file with POST /api/v1/imports, or with `holdfast import FILE`.",
    )


def _dataset(folder: ShopFolder, name: str) -> Dataset:
    """A data set never changes, so its manifest is read once."""
    if folder.find(f"datasets/{name}") is None:
        return read_dataset(folder, name)  # raises
    return _read.get((folder.path, name), lambda: read_dataset(folder, name))


_read: Latest[tuple[Path, str], Dataset] = Latest(128)


@lru_cache(maxsize=1024)
def _tag(*values: object) -> str:
    return sha256(json.dumps(values).encode()).hexdigest()[:10]
