"""Imports: files sent or fetched, looked at, confirmed, taken in; their ledger and rejects; undone again."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from holdfast.access.audit import note
from holdfast.access.caller import Caller
from holdfast.api.callers import Analyst, InService, Viewer
from holdfast.api.files import FILE, made_for_download
from holdfast.api.inspected import Inspection
from holdfast.api.jobs import Accepted, accepted
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.api.problems import ConflictError
from holdfast.errors import InputError
from holdfast.store.records import Upload
from holdfast.workflows.clock import now
from holdfast.workflows.exporting import write_rejects
from holdfast.workflows.jobs import submit
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.uploads import (
    WAITING,
    Reception,
    UploadState,
    Wishes,
    adopt_imports,
    blocks_of,
    discard_files,
    find_upload,
    record_upload,
)

router = APIRouter(prefix="/imports", tags=["imports"])


class SentFile(BaseModel):
    """A file as it was sent."""

    name: str
    size: int | None = Field(description="In bytes; unknown for imports of the command line.")
    sha256: str | None


class Import(BaseModel):
    """Files on their way into the shop, or in it."""

    id: str
    state: UploadState
    created_at: datetime
    created_by: str
    files: list[SentFile]
    origin: str | None = Field(description="The address they were fetched from.")
    policy: str | None
    job_id: str | None
    problem: dict[str, Any] | None = Field(description="What went wrong last, or has to be decided.")


class ImportInDetail(Import):
    """An import with what was found in its files, and its ledger."""

    how: dict[str, Any] = Field(description="How the files are to be read, as far as somebody said.")
    rules: dict[str, Any]
    inspection: Inspection | None = Field(description="Tables, columns, proposed mapping and doubts.")
    report: dict[str, Any] | None = Field(description="The ledger: lines and revenue kept and rejected, by reason.")


class Reading(BaseModel):
    """How files are to be read; what is absent is detected, or as it was for the last file with these columns."""

    mapping: dict[str, str] | None = Field(default=None, description="Our field -> column of the file.")
    preset: str | None = Field(default=None, description="A known export, see docs/sources.md.")
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    decimal: Literal["point", "comma"] | None = None
    rates: dict[str, str] | None = Field(default=None, description="Currency -> rate into the shop's, which is 1.")

    def said(self) -> dict[str, Any]:
        """What was said."""
        return self.model_dump(exclude_none=True)


class Correction(Reading):
    """Another way to read or clean files that wait."""

    policy: str | None = None
    rules: dict[str, Any] | None = None


@router.post("", status_code=202)
def create_import(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    file: Annotated[list[UploadFile] | None, File(description="One or several files, or a zip of tables.")] = None,
    address: Annotated[
        str | None, Form(max_length=2000, description="Where the file lies instead: https://... or s3://bucket/key.")
    ] = None,
    mapping: Annotated[str | None, Form(description="JSON object: our field -> column of the file.")] = None,
    preset: Annotated[str | None, Form()] = None,
    currency: Annotated[str | None, Form(pattern="^[A-Z]{3}$")] = None,
    date_order: Annotated[Literal["dmy", "mdy", "ymd"] | None, Form()] = None,
    decimal: Annotated[Literal["point", "comma"] | None, Form()] = None,
    rates: Annotated[str | None, Form(description="JSON object: currency -> rate.")] = None,
    policy: Annotated[str | None, Form(description="default, simple or none.")] = None,
    rules: Annotated[str | None, Form(description="JSON object: single rules of the policy.")] = None,
    confirm: Annotated[bool, Form(description="Import at once, unless something is doubtful.")] = False,  # noqa: FBT002
    train: Annotated[bool | None, Form(description="Train afterwards; default: the setting.")] = None,
) -> Accepted:
    """Send files, or the address of one. A job looks at them, and imports them if `confirm` is true.

    Without `confirm` the import waits to be confirmed. An address is recorded, and an unchanged file not fetched twice.
    """
    if bool(file) == bool(address):
        raise InputError(
            "Send files or an address, not both." if file else "Nothing was sent.",
            seen=f"{len(file or [])} files, address {address!r}.",
            todo="Send one or several files as `file`, or one `address`.",
        )
    reading = Reading(
        mapping=_texts("mapping", mapping), preset=preset, currency=currency, date_order=date_order,
        decimal=decimal, rates=_texts("rates", rates),
    )  # fmt: skip
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
    wishes = Wishes(reading.said(), policy, _object("rules", rules), _wanted(shop, train))
    with Reception(shop.folder) as reception:
        for each in file or ():
            reception.take(each.filename, blocks_of(each.file))
        if file:
            reception.keep(shop.folder)
    with service.database.begin() as session:
        upload = record_upload(session, reception, tenant=caller.tenant, by=caller.actor, wishes=wishes, origin=address)
        _note(session, request, caller, "import files", upload.id)
    return start_import(request, response, service, caller, upload.id, confirm=confirm)


@router.get("")
def list_imports(
    caller: Viewer,
    service: InService,
    limit: Limit = 100,
    cursor: Cursor = None,
    state: UploadState | None = None,
) -> Page[Import]:
    """Imports, the newest first; those of the command line as well."""
    with service.database.begin() as session:
        adopt_imports(session, service.shop(session, caller.tenant))
        session.flush()
        chosen = sa.select(Upload).where(Upload.tenant == caller.tenant)
        if state is not None:
            chosen = chosen.where(Upload.state == state.value)
        return newest_first(session, chosen, Upload, limit=limit, cursor=cursor, shown=_shown)


@router.get("/{import_id}")
def read_import(import_id: str, caller: Viewer, service: InService) -> ImportInDetail:
    """One import: what was found in its files, and its ledger."""
    with service.database.begin() as session:
        adopt_imports(session, service.shop(session, caller.tenant))
        session.flush()
        return _in_detail(find_upload(session, tenant=caller.tenant, upload_id=import_id))


@router.patch("/{import_id}", status_code=202)
def correct_import(
    import_id: str, request: Request, response: Response, body: Correction, caller: Analyst, service: InService
) -> Accepted:
    """Say how waiting files are to be read or cleaned; a job looks at them anew."""
    with service.database.begin() as session:
        upload = _waiting(session, caller, import_id)
        upload.how = {**upload.how, **body.model_dump(include=set(Reading.model_fields), exclude_none=True)}
        upload.policy = body.policy or upload.policy
        upload.rules = upload.rules if body.rules is None else body.rules
        _note(session, request, caller, "correct import", import_id)
    return start_import(request, response, service, caller, import_id, confirm=False)


@router.post("/{import_id}/confirm", status_code=202)
def confirm_import(
    import_id: str, request: Request, response: Response, caller: Analyst, service: InService
) -> Accepted:
    """Take waiting files in."""
    with service.database.begin() as session:
        _waiting(session, caller, import_id)
        _note(session, request, caller, "confirm import", import_id)
    return start_import(request, response, service, caller, import_id, confirm=True)


@router.post("/{import_id}/undo", status_code=202)
def undo_import(import_id: str, request: Request, response: Response, caller: Analyst, service: InService) -> Accepted:
    """Take an import back: the data set is made anew from the others."""
    with service.database.begin() as session:
        adopt_imports(session, service.shop(session, caller.tenant))
        session.flush()
        upload = find_upload(session, tenant=caller.tenant, upload_id=import_id)
        if upload.state != UploadState.IMPORTED:
            raise _wrong_state(upload, "Only what was imported can be undone.")
        _note(session, request, caller, "undo import", import_id)
    job = submit(
        service, tenant=caller.tenant, kind="undo", arguments={"import_id": import_id}, by=caller.actor, label=import_id
    )
    return accepted(request, response, job, subject=import_id)


@router.delete("/{import_id}", status_code=204)
def discard_import(import_id: str, request: Request, caller: Analyst, service: InService) -> None:
    """Throw files away that were not imported."""
    with service.database.begin() as session:
        upload = _waiting(session, caller, import_id)
        discard_files(service.shop(session, caller.tenant).folder, upload.id)
        session.delete(upload)
        _note(session, request, caller, "discard import", import_id)


@router.get("/{import_id}/rejects", response_class=FileResponse, responses=FILE)
def download_rejects(
    import_id: str,
    request: Request,
    caller: Analyst,
    service: InService,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - what it is called in the address
    reason: str | None = None,
) -> FileResponse:
    """The rejected rows as they came, with file, row, reason, column, seen and expected in front."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
        adopt_imports(session, shop)
        session.flush()
        find_upload(session, tenant=caller.tenant, upload_id=import_id)
        _note(session, request, caller, "export rejects", import_id)
    return made_for_download(
        f"rejects-{import_id}.{format}",
        lambda out: write_rejects(shop, out, reason=reason, import_id=import_id),
    )


# --- parts -----------------------------------------------------------------------------------------------------------


def start_import(
    request: Request, response: Response, service: Service, caller: Caller, import_id: str, *, confirm: bool
) -> Accepted:
    """Queue the job that looks at an import, or takes it in."""
    job = submit(
        service,
        tenant=caller.tenant,
        kind="import",
        arguments={"import_id": import_id, "confirm": confirm},
        by=caller.actor,
        label=import_id,
    )
    with service.database.begin() as session:
        find_upload(session, tenant=caller.tenant, upload_id=import_id).job_id = job.id
    return accepted(request, response, job, subject=import_id)


def _waiting(session: Session, caller: Caller, import_id: str) -> Upload:
    upload = find_upload(session, tenant=caller.tenant, upload_id=import_id)
    if upload.state not in WAITING:
        raise _wrong_state(upload, "The import does not wait for a decision.")
    return upload


def _wrong_state(upload: Upload, what: str) -> ConflictError:
    return ConflictError(
        what, seen=f"{upload.id} is {upload.state}.", todo="Read the import; wait for its job if one is running."
    )


def _wanted(shop: Shop, train: bool | None) -> bool:  # noqa: FBT001 - a field of the form
    return shop.settings.train_after_import if train is None else train


def _note(session: Session, request: Request, caller: Caller, action: str, import_id: str) -> None:
    note(session, caller, action, import_id, now=now(), request_id=request.state.request_id)


def _object(name: str, text: str | None) -> dict[str, Any]:
    """A form field that holds a JSON object."""
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InputError(f"{name} is no JSON object.", seen=text[:80], todo='Write it like {"customer_id": "Kunde"}.')
    return value


def _texts(name: str, text: str | None) -> dict[str, str] | None:
    found = _object(name, text)
    if not all(isinstance(value, str) for value in found.values()):
        raise InputError(f"{name} maps names to texts.", seen=(text or "")[:80], todo="Put every value in quotes.")
    return found or None


def _shown(upload: Upload) -> Import:
    return Import.model_validate(upload, from_attributes=True)


def _in_detail(upload: Upload) -> ImportInDetail:
    return ImportInDetail.model_validate(upload, from_attributes=True)
