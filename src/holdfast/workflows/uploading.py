"""The job of an import: fetch the files if they lie elsewhere, look at them, and take them in once somebody agreed."""

from collections.abc import Mapping
from typing import Any

from holdfast.errors import HoldfastError, MappingError
from holdfast.sources.addresses import fetch
from holdfast.store.records import Upload
from holdfast.workflows.importing import HowToRead, import_files, inspect_files
from holdfast.workflows.jobs import submit
from holdfast.workflows.looking_ahead import look_ahead
from holdfast.workflows.plain import plain
from holdfast.workflows.uploads import (
    Reception,
    UploadState,
    blocks_of,
    discard_files,
    find_upload,
    how_to_read,
    paths_of,
)
from holdfast.workflows.work import Work


def import_upload(work: Work) -> dict[str, Any]:
    """Look at an upload, or import it if `confirm` was said; then train, if that was wished.

    Arguments: `import_id`, `confirm`, and `train` where it differs from the upload's own wish. Doubts fail the job only
    where it was told to import; either way the upload then says what has to be decided.
    """
    upload = _upload(work)
    how = how_to_read(upload, most_bytes=work.service.settings.upload_limit_mb * 1_000_000)
    try:
        if upload.origin:
            work.step("fetch", lambda: _fetch(work, upload))
        if not work.arguments.get("confirm"):
            return work.step("inspect", lambda: _inspect(work, _upload(work), how))
        report = work.step("import", lambda: _import(work, _upload(work), how))
    except MappingError:
        _inspect(work, _upload(work), how)
        raise
    except HoldfastError as error:
        _change(work, state=UploadState.FAILED, problem=plain(error.problem()))
        raise
    discard_files(work.shop.folder, upload.id)
    look_ahead(work.shop, learn=False)
    training = work.step("train afterwards", lambda: _train(work, upload, report))
    return {"import": upload.id, "state": _upload(work).state, "report": report, "training_job": training}


def _fetch(work: Work, upload: Upload) -> None:
    """Bring the files of an address here, unless they are here already."""
    assert upload.origin is not None  # noqa: S101 - the caller looked
    if upload.files:
        return
    settings = work.service.settings
    with Reception(work.shop.folder, upload.id) as reception:
        fetched = fetch(
            upload.origin,
            cache=settings.home / "cache" / "addresses",
            most_bytes=settings.upload_limit_mb * 1_000_000,
            private_allowed=settings.private_addresses,
            endpoint=settings.storage_endpoint,
            progress=lambda done: work.progress(f"Fetching {upload.origin}", 0.1 * done),
        )
        with fetched.path.open("rb") as stream:
            reception.take(fetched.name, blocks_of(stream))
        reception.keep(work.shop.folder)
        _change(work, files=reception.described())


def _inspect(work: Work, upload: Upload, how: HowToRead) -> dict[str, Any]:
    seen = inspect_files(work.shop, paths_of(work.shop.folder, upload), how=how, ask=True, progress=work.progress)
    state = UploadState.NEEDS_MAPPING if seen.doubts else UploadState.INSPECTED
    _change(work, state=state, inspection=plain(seen.as_dict()), problem=None)
    return {"import": upload.id, "state": state.value}


def _import(work: Work, upload: Upload, how: HowToRead) -> dict[str, Any]:
    _change(work, state=UploadState.CONFIRMED)
    report = import_files(
        work.shop,
        paths_of(work.shop.folder, upload),
        how=how,
        policy=upload.policy,
        rules=upload.rules,
        import_id=upload.id,
        progress=work.progress,
    )
    told: dict[str, Any] = plain(report.as_dict())
    state = UploadState.IMPORTED if report.changed else UploadState.UNCHANGED
    _change(work, state=state, report=told, problem=None)
    return told


def _train(work: Work, upload: Upload, report: Mapping[str, Any]) -> str | None:
    """The id of the job that trains on what came in; made from ours, so that it is queued once."""
    if not (work.arguments.get("train", upload.train) and report["changed"]):
        return None
    job = submit(
        work.service,
        tenant=work.tenant,
        kind="train",
        arguments={},
        by=work.job.created_by,
        label=f"after import {upload.id}",
        job_id=f"{work.job.id}-train",
    )
    return job.id


def _upload(work: Work) -> Upload:
    with work.service.database.begin() as session:
        return find_upload(session, tenant=work.tenant, upload_id=str(work.arguments["import_id"]))


def _change(work: Work, *, state: UploadState | None = None, **values: Any) -> None:
    with work.service.database.begin() as session:
        record = find_upload(session, tenant=work.tenant, upload_id=str(work.arguments["import_id"]))
        if state is not None:
            record.state = state.value
        for name, value in values.items():
            setattr(record, name, value)
