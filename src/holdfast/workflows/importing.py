"""From files to a data set: open, understand, clean, keep as it came, publish.

All work happens in a folder of its own; the last step, replacing the name of the current data set, makes it visible.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from holdfast.cleaning import Policy, Reason, policy_from
from holdfast.cleaning.services import propose_services
from holdfast.engine import DuckEngine
from holdfast.errors import InputError, NotFoundError
from holdfast.sources.inspected import Inspection
from holdfast.sources.inspection import inspect
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files
from holdfast.store import (
    Dataset,
    Import,
    Manifest,
    add_import,
    current_dataset,
    forget_current,
    needed_dataset,
    prune,
    publish_dataset,
    read_import,
)
from holdfast.store.mirror import UPLOAD_TAKES
from holdfast.tables import RawTable
from holdfast.workflows.clock import now, stamp
from holdfast.workflows.rebuilding import clean_imports
from holdfast.workflows.report import ImportReport, ledger_of, reach_of
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.tombstones import without_erased

HABITS = "reading.json"
"""What a person decided about the shop's files; used again for files with the same columns."""


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What a person says about a file; None leaves it to detection, or to what was said at an earlier import."""

    mapping: Mapping[str, str] | None = None
    preset: str | None = None
    currency: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    rates: Mapping[str, str] | None = None
    most_bytes: int | None = None
    """What the files may unpack to, where strangers may send them."""


def inspect_files(
    shop: Shop, paths: Sequence[Path], *, how: HowToRead, ask: bool = False, progress: Progress = no_progress
) -> Inspection:
    """What the files are and how they would be read; changes nothing in the shop.

    With `ask`, files in which nothing looks like orders are shown with questions rather than refused.
    """
    with ExitStack() as stack:
        engine = stack.enter_context(shop.engine())
        work = Path(stack.enter_context(TemporaryDirectory(dir=shop.settings.spill_folder)))
        return _understand(shop, paths, engine=engine, work=work, how=how, ask=ask, progress=progress)


def import_files(
    shop: Shop,
    paths: Sequence[Path],
    *,
    how: HowToRead,
    policy: str | None = None,
    rules: Mapping[str, object] | None = None,
    import_id: str | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import files into the shop; what brings nothing new leaves the data set as it was, and says so.

    `policy` names a preset or a file; None takes what the shop was cleaned with before. `rules` change single rules.
    An import whose `import_id` the data set holds already is not done again, only reported.
    Raises MappingError where columns need a decision, InputError where a file is no order history.
    """
    with ExitStack() as stack:
        stack.enter_context(shop.folder.locked())
        raw, stage = stack.enter_context(shop.folder.workspace()), stack.enter_context(shop.folder.workspace())
        engine = stack.enter_context(shop.engine())
        before = current_dataset(shop.folder)
        earlier = _imports(shop, before)
        if before is not None and import_id in before.manifest.imports:
            return _reported_again(shop, before, read_import(shop.folder, import_id))
        inspection = _understand(shop, paths, engine=engine, work=raw, how=how, progress=progress)
        record = _record(inspection, import_id or _new_id(inspection, nth=len(shop.folder.names("imports")) + 1))
        record, kept_out = without_erased(shop, engine, record)
        _same_currency(earlier, record)
        chosen = policy_from(rules or {}, base=shop.policy(policy, suggested=_suggested(inspection)))
        progress("Cleaning", 0.5)
        manifest = clean_imports(shop, [*earlier, record], policy=chosen, engine=engine, into=stage)
        report = _report(manifest, record, engine, (*inspection.notes, *kept_out))
        if before is not None and _brings_nothing(report, earlier, record, before.manifest, chosen):
            unchanged = ledger_of(before.manifest)
            return replace(report, changed=False, manifest=before.manifest, shop_balance=unchanged)
        progress("Publishing", 0.9)
        _drop_unused(raw, record.tables)
        add_import(shop.folder, raw, record)
        publish_dataset(shop.folder, stage, manifest)
        shop.folder.write_json(HABITS, _habits(inspection))
        _tidy(shop)
        return report


def undo_import(shop: Shop, import_id: str, *, progress: Progress = no_progress) -> Dataset | None:
    """Take an import back: the data set is made anew from the others; None if there are none."""
    dataset = needed_dataset(shop.folder)
    if import_id not in dataset.manifest.imports:
        raise NotFoundError(
            f"The shop's data set is not made of an import {import_id!r}.",
            seen=f"It is made of {', '.join(dataset.manifest.imports)}.",
            todo="Name one of these.",
        )
    return _remake(shop, [i for i in _imports(shop, dataset) if i.id != import_id], policy=None, progress=progress)


def rebuild(
    shop: Shop,
    *,
    policy: str | None = None,
    rules: Mapping[str, object] | None = None,
    progress: Progress = no_progress,
) -> Dataset:
    """Clean all imports anew, under another policy or other rules."""
    chosen = policy_from(rules or {}, base=shop.policy(policy))
    remade = _remake(shop, _imports(shop, needed_dataset(shop.folder)), policy=chosen, progress=progress)
    return remade or needed_dataset(shop.folder)


def list_imports(shop: Shop) -> list[Import]:
    """The imports the current data set is made of, in order."""
    return _imports(shop, current_dataset(shop.folder))


def _remake(shop: Shop, imports: list[Import], *, policy: Policy | None, progress: Progress) -> Dataset | None:
    with ExitStack() as stack:
        stack.enter_context(shop.folder.locked())
        if not imports:
            forget_current(shop.folder)
            return None
        stage = stack.enter_context(shop.folder.workspace())
        engine = stack.enter_context(shop.engine())
        chosen = policy or shop.policy(None)
        progress("Cleaning", 0.1)
        manifest = clean_imports(shop, imports, policy=chosen, engine=engine, into=stage)
        dataset = publish_dataset(shop.folder, stage, manifest)
        _tidy(shop)
        return dataset


def _tidy(shop: Shop) -> None:
    """Delete what nobody needs any more."""
    prune(shop.folder, keep=shop.settings.keep_datasets)
    shop.folder.sweep(before=now() - UPLOAD_TAKES)


def _understand(
    shop: Shop,
    paths: Sequence[Path],
    *,
    engine: DuckEngine,
    work: Path,
    how: HowToRead,
    progress: Progress,
    ask: bool = False,
) -> Inspection:
    opened = open_files(
        paths,
        into=work,
        engine=engine,
        most_bytes=how.most_bytes,
        on_progress=lambda step, done: progress(step, 0.4 * done),
    )
    progress("Understanding the columns", 0.4)
    known = _known_habits(shop, opened) if how.mapping is None and how.preset is None else HowToRead()
    return inspect(
        opened,
        engine=engine,
        into=work,
        mapping=how.mapping or known.mapping,
        preset=how.preset,
        currency=how.currency or known.currency or shop.settings.currency,
        time_zone=shop.settings.time_zone,
        date_order=how.date_order or known.date_order,
        decimal=how.decimal,
        rates=how.rates,
        ask=ask,
    )


def _known_habits(shop: Shop, opened: Sequence[OpenedTable]) -> HowToRead:
    """How files with these columns were read before; nothing if none was."""
    saved = shop.folder.read_json(HABITS)
    if not saved or not any(set(saved["mapping"].values()) <= set(table.columns) for table in opened):
        return HowToRead()
    return HowToRead(mapping=saved["mapping"], currency=saved["currency"], date_order=saved["date_order"])


def _suggested(inspection: Inspection) -> dict[str, object]:
    """What the preset knows about its export: rules for the policy."""
    preset = inspection.preset
    if preset is None:
        return {}
    rules = {
        "service_codes": preset.service_codes,
        "keep_statuses": preset.keep_statuses,
        "cancellation_prefixes": preset.cancellation_prefixes,
    }
    return {name: list(values) for name, values in rules.items() if values}


def _habits(inspection: Inspection) -> dict[str, object]:
    return {
        "mapping": inspection.mapping(),
        "currency": inspection.currency,
        "date_order": inspection.date_order,
    }


def _imports(shop: Shop, dataset: Dataset | None) -> list[Import]:
    return [read_import(shop.folder, import_id) for import_id in (dataset.manifest.imports if dataset else ())]


def _reported_again(shop: Shop, dataset: Dataset, record: Import) -> ImportReport:
    """The report of an import that was published, by a process that did not live to tell."""
    with shop.stage() as (engine, _):
        return _report(dataset.manifest, record, engine, record.notes)


def _new_id(inspection: Inspection, *, nth: int) -> str:
    content = sha256("".join(table.sha256 for table in inspection.raw_tables()).encode()).hexdigest()
    return f"{now():%Y%m%d-%H%M%S}-{content[:6]}-{nth}"


def _record(inspection: Inspection, import_id: str) -> Import:
    tables = inspection.raw_tables()
    return Import(
        id=import_id,
        created_at=stamp(),
        files=tuple(dict.fromkeys(table.file for table in tables)),
        tables=tables,
        mapping=inspection.mapping(),
        notes=tuple(note for table in tables for note in table.notes),
    )


def _same_currency(earlier: Sequence[Import], record: Import) -> None:
    known = {each.currency for each in earlier if each.currency}
    if record.currency and known and record.currency not in known:
        raise InputError(
            "The file is in another currency than the shop's orders.",
            seen=f"The shop counts in {', '.join(sorted(known))}, the file in {record.currency}.",
            todo="Give exchange rates with --rates FILE, or import it as another tenant.",
        )


def _report(manifest: Manifest, record: Import, engine: DuckEngine, warnings: Sequence[str]) -> ImportReport:
    own = [i for i, source in enumerate(manifest.sources) if source.import_id == record.id]
    return ImportReport(
        import_id=record.id,
        files=record.files,
        balance=ledger_of(manifest, import_id=record.id),
        reach=reach_of(engine, own),
        manifest=manifest,
        shop_balance=ledger_of(manifest),
        shop_reach=reach_of(engine, range(len(manifest.sources))),
        changed=True,
        warnings=tuple(warnings),
        service_proposals=propose_services(engine),
    )


def _brings_nothing(
    report: ImportReport, earlier: Sequence[Import], record: Import, before: Manifest, policy: Policy
) -> bool:
    """Every line came before, no other table is new, and the rules are the same."""
    repeated = sum(lines for reason, lines, _ in report.balance.rejected if reason == Reason.ALREADY_IMPORTED)
    seen = {table.sha256 for each in earlier for table in each.tables}
    others = [table for table in record.tables if table.content != "lines"]
    return (
        repeated == report.balance.lines_in
        and all(table.sha256 in seen for table in others)
        and dict(before.policy) == policy.as_dict()
    )


def _drop_unused(raw: Path, tables: Sequence[RawTable]) -> None:
    """Tables that were opened but hold nothing we keep (a calendar, a list of sellers) are not stored."""
    used = {Path(table.path).name for table in tables}
    for file in raw.iterdir():
        if file.name not in used and file.is_file():
            file.unlink()
