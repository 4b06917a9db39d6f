"""Data sets: the versions of a shop's data that are kept, what each was made from, and the ledger of every line."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from holdfast.api.callers import InService, Viewer
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.cleaning import EXPLANATIONS
from holdfast.store import Manifest
from holdfast.workflows.datasets import find_manifest, kept_manifests, version_in_force
from holdfast.workflows.reading import shop_of
from holdfast.workflows.report import ledger_of

router = APIRouter(tags=["data sets"])


class Source(BaseModel):
    """A file's table of order lines in a data set."""

    import_id: str
    file: str
    sha256: str
    rows: int


class LedgerEntry(BaseModel):
    """Lines with one fate, and what it means; revenue exact, in the data set's currency."""

    reason: str
    meaning: str
    lines: int
    revenue: str


class Ledger(BaseModel):
    """Lines in = kept + rejected, to the cent."""

    lines_in: int
    lines_kept: int
    lines_rejected: int
    revenue_in: str
    revenue_kept: str
    revenue_rejected: str
    kept: list[LedgerEntry]
    rejected: list[LedgerEntry]


class DatasetSummary(BaseModel):
    """A version of the shop's data; `as_of` is the day that answers look from unless they are told another one."""

    version: str
    is_current: bool
    created_at: datetime
    imports: list[str]
    as_of: date | None
    first_order: datetime | None
    last_order: datetime | None
    currency: str | None
    time_zone: str
    customers: int
    orders: int
    lines_in: int
    lines_kept: int
    lines_rejected: int
    revenue_kept: str


class DatasetList(BaseModel):
    """The versions that are kept."""

    items: list[DatasetSummary]
    next_cursor: str | None = Field(default=None, description="Always null: there are never many.")


class DatasetDetails(DatasetSummary):
    """A version with what it was made from, and what became of every line."""

    sources: list[Source]
    policy: dict[str, Any] = Field(description="The rules that lines were judged by.")
    ledger: Ledger
    rows: dict[str, int] = Field(description="Rows of each of its tables.")
    fields: list[str] = Field(description="Which of our fields the files filled.")
    duplicates: int = Field(description="Lines that repeat an earlier line of their file cell by cell.")
    notes: list[str]


@router.get("/datasets")
def list_datasets(caller: Viewer, service: InService) -> DatasetList:
    """The versions that are kept: the current one, then the others, the newest first."""
    folder = shop_of(service, caller.tenant).folder
    in_force = version_in_force(folder)
    return DatasetList(items=[DatasetSummary(**_summary(each, in_force)) for each in kept_manifests(folder)])


@router.get("/datasets/current", response_model=DatasetDetails, responses=UNCHANGED)
def read_current_dataset(reading: InReading) -> Response:
    """The version in force; 404 in a shop without orders."""
    manifest = reading.edition.dataset.manifest
    return reading.answer(lambda: _details(manifest, manifest.version), keep=False)


@router.get("/datasets/{version}")
def read_dataset(version: str, caller: Viewer, service: InService) -> DatasetDetails:
    """One version, by its name."""
    folder = shop_of(service, caller.tenant).folder
    return _details(find_manifest(folder, version), version_in_force(folder))


def _details(manifest: Manifest, in_force: str | None) -> DatasetDetails:
    return DatasetDetails(
        **_summary(manifest, in_force),
        sources=[Source(**asdict(source)) for source in manifest.sources],
        policy=dict(manifest.policy),
        ledger=_ledger(manifest),
        rows=dict(manifest.rows),
        fields=list(manifest.fields),
        duplicates=manifest.duplicates,
        notes=list(manifest.notes),
    )


def _summary(manifest: Manifest, in_force: str | None) -> dict[str, Any]:
    balance = ledger_of(manifest)
    return {
        "version": manifest.version,
        "is_current": manifest.version == in_force,
        "created_at": manifest.created_at,
        "imports": list(manifest.imports),
        "as_of": manifest.as_of,
        "first_order": manifest.first_order,
        "last_order": manifest.last_order,
        "currency": manifest.currency,
        "time_zone": manifest.time_zone,
        "customers": manifest.rows["customers"],
        "orders": manifest.rows["orders"],
        "lines_in": balance.lines_in,
        "lines_kept": balance.lines_kept,
        "lines_rejected": balance.lines_rejected,
        "revenue_kept": str(balance.revenue_kept),
    }


def _ledger(manifest: Manifest) -> Ledger:
    balance = ledger_of(manifest)
    kept, rejected = (
        [
            LedgerEntry(reason=reason, meaning=EXPLANATIONS[reason], lines=lines, revenue=str(revenue))
            for reason, lines, revenue in side
        ]
        for side in (balance.kept, balance.rejected)
    )
    return Ledger(
        lines_in=balance.lines_in,
        lines_kept=balance.lines_kept,
        lines_rejected=balance.lines_rejected,
        revenue_in=str(balance.revenue_in),
        revenue_kept=str(balance.revenue_kept),
        revenue_rejected=str(balance.revenue_rejected),
        kept=kept,
        rejected=rejected,
    )
