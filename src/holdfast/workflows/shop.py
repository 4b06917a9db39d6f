"""A shop: its settings, its folder, and an engine bound to its current data set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from holdfast.cleaning import Policy, policy_from, policy_named
from holdfast.cleaning.policy import POLICIES
from holdfast.engine import DuckEngine
from holdfast.errors import InputError, PolicyError
from holdfast.settings import Settings
from holdfast.sources.documents import read_document
from holdfast.store import Dataset, ShopFolder, current_dataset, needed_dataset
from holdfast.store.remote import open_storage
from holdfast.tables import STAGE

Progress = Callable[[str, float], None]
"""Told what is going on and how much of the work is done (0-1)."""


def no_progress(step: str, done: float) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One tenant of one home folder, under some settings."""

    settings: Settings
    folder: ShopFolder

    @classmethod
    def open(cls, settings: Settings) -> "Shop":
        """The shop the settings name; it need not exist yet."""
        return cls(settings, folder_of(settings, settings.tenant))

    @contextmanager
    def engine(self) -> Iterator[DuckEngine]:
        """An engine within the limits of the settings."""
        spill = self.settings.spill_folder
        spill.mkdir(parents=True, exist_ok=True)
        with DuckEngine(memory_limit=self.settings.memory_limit, threads=self.settings.threads, spill=spill) as engine:
            yield engine

    @contextmanager
    def stage(self, dataset: Dataset | None = None) -> Iterator[tuple[DuckEngine, Dataset]]:
        """An engine with the tables of a data set, by default the current one, bound under their names."""
        chosen = dataset or needed_dataset(self.folder)
        with self.engine() as engine:
            for table in STAGE:
                engine.bind(table.name, chosen.table(table.name))
            yield engine, chosen

    def policy(self, named: str | None, *, suggested: dict[str, object] | None = None) -> Policy:
        """The policy to clean with: as named, else the one the shop's data set was made with, else the settings' own.

        `suggested` are rules that a preset knows about its export (service codes, statuses); they fill what the policy
        "default" leaves open and change nothing about the others.
        """
        dataset = current_dataset(self.folder)
        if named is None and dataset is not None:
            return policy_from(dataset.manifest.policy, base=POLICIES["default"])
        chosen = read_policy(named or self.settings.policy)
        return policy_from(suggested, base=chosen) if suggested and chosen == POLICIES["default"] else chosen


def folder_of(settings: Settings, tenant: str) -> ShopFolder:
    """The folder of a tenant; where the settings name a storage, a copy of what is there."""
    return ShopFolder.of(settings.home, tenant, storage=open_storage(settings.storage_url, settings.storage_endpoint))


def read_policy(named: str) -> Policy:
    """A preset by its name, or the rules of a JSON or YAML file (with `base` naming the preset they change)."""
    path = Path(named)
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        return policy_named(named)
    rules = read_document(path)
    base = rules.pop("base", "default")
    if not isinstance(base, str):
        raise PolicyError("A policy file names one base.", seen=f"{base!r}", todo=f"Use one of {', '.join(POLICIES)}.")
    return policy_from({"name": path.stem} | rules, base=policy_named(base))


def proposed_as_of(dataset: Dataset) -> date | None:
    """The data set's own as_of; None without orders."""
    return date.fromisoformat(dataset.manifest.as_of) if dataset.manifest.as_of else None


def as_of_date(given: str | date | None, dataset: Dataset) -> date:
    """The as_of of a question: as given, else the data set's proposal."""
    if isinstance(given, date):
        return given
    text = given or dataset.manifest.as_of
    if text is None:
        raise InputError(
            "There is no date to look from.",
            seen="The data set holds no orders.",
            todo="Import orders, or name a date with --as-of.",
        )
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "This is not a date.", seen=f"as_of was {text!r}.", todo="Write it as year-month-day, such as 2011-12-09."
        ) from error
