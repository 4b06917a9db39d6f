"""The job of a voucher history: files that were sent become layers, and the version that they make is in force."""

from pathlib import Path
from typing import Any

from holdfast.errors import EngineError, HoldfastError, NotFoundError, StoreError
from holdfast.workflows.job_arguments import VoucherArguments, understood
from holdfast.workflows.uploads import FOLDER, discard_files
from holdfast.workflows.vouchers import HistoryWishes, import_history
from holdfast.workflows.work import Work


def make_voucher_history(work: Work) -> dict[str, Any]:
    """Make the layers, once: a run whose version is in force already is only reported.

    Files go when they are read, or cannot be; they stay for another try where disk or warehouse failed.
    """
    asked = understood(VoucherArguments, work.arguments)
    wishes = HistoryWishes(
        countries=asked.countries,
        policy=asked.policy,
        rules=asked.rules,
        mapping=asked.mapping,
        in_warehouse=asked.in_warehouse,
        most_bytes=work.service.settings.upload_limit_mb * 1_000_000,
    )

    def made() -> dict[str, Any]:
        paths = _paths(work, asked)
        return import_history(work.shop, paths, wishes=wishes, run=work.job.id, progress=work.progress).as_dict()

    try:
        report = work.step("make the layers", made)
    except (StoreError, EngineError):
        raise
    except HoldfastError:
        _discard(work, asked)
        raise
    _discard(work, asked)
    return report


def _paths(work: Work, asked: VoucherArguments) -> list[Path]:
    """The files that were sent; none where the raw history is to be made anew."""
    if asked.upload is None:
        return []
    place = work.shop.folder.find(f"{FOLDER}/{asked.upload}")
    if place is None:
        raise NotFoundError(
            "The files of this history are gone.", seen=f"{asked.upload} was read before.", todo="Send them again."
        )
    return [place / name for name in asked.files]


def _discard(work: Work, asked: VoucherArguments) -> None:
    if asked.upload is not None:
        discard_files(work.shop.folder, asked.upload)
