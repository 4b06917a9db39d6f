"""From a file of voucher assignments to a history in force: raw, staged, published, each a table that is kept.

The layers are made here, or with the same SQL in the warehouse of the settings; what decisions need comes back either
way. All work happens in a folder of its own, and becomes visible in one step.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from holdfast.actions.vouchers import (
    DEFAULT_RULES,
    Layers,
    VoucherRules,
    make_layers,
    parse_voucher_rules,
    voucher_policy,
)
from holdfast.actions.vouchers.layers import FIELDS, PUBLISHED, RAW, REJECTS, STAGED, Layering
from holdfast.engine import DuckEngine, Query
from holdfast.engine.snowflake import Snowflake
from holdfast.errors import InputError, NotFoundError, SettingsError
from holdfast.sources.voucher_files import open_voucher_history
from holdfast.store.vouchers import (
    RAW_FILE,
    VoucherManifest,
    current_history,
    layer,
    next_history,
    prune_histories,
    publish_history,
)
from holdfast.tables import ROW_NUMBER
from holdfast.workflows.clock import stamp, today
from holdfast.workflows.plain import plain
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.voucher_report import HistoryReport, rules_of

HERE = "here"


@dataclass(frozen=True, slots=True)
class HistoryWishes:
    """What a person says about a history; None leaves it as it was, or at the default. `rules` are rows of the table.

    `countries` take the place of those of the rules. `in_warehouse`: the layers are made and kept there.
    """

    countries: Sequence[str] | None = None
    policy: str | None = None
    rules: Sequence[Mapping[str, Any]] | None = None
    mapping: Mapping[str, str] | None = None
    in_warehouse: bool = False
    most_bytes: int | None = None


def import_history(
    shop: Shop,
    paths: Sequence[Path] = (),
    *,
    wishes: HistoryWishes = HistoryWishes(),
    run: str | None = None,
    progress: Progress = no_progress,
) -> HistoryReport:
    """Make a history of a file, or anew of the raw one that is there; it is in force afterwards.

    A `run` that made the history in force already is only reported. Raises PolicyError for rules that contradict each
    other, MappingError where columns are missing, InputError where nothing is left that counts.
    """
    with ExitStack() as stack:
        stack.enter_context(shop.folder.locked())
        before = current_history(shop.folder)
        if before is not None and run is not None and before.run == run:
            return HistoryReport(before, changed=True)
        work, scratch = stack.enter_context(shop.folder.workspace()), stack.enter_context(shop.folder.workspace())
        rules = _rules(wishes, before)
        policy = voucher_policy(wishes.policy or (before.policy if before else "default"))
        engine = stack.enter_context(shop.engine())
        progress("Reading the history", 0.1)
        file, checksum = _raw(shop, paths, wishes, before, engine=engine, work=work, scratch=scratch)
        progress("Staging by the rules", 0.4)
        with _layering(shop, wishes, engine, work, progress=progress) as (layering, place):
            layers = make_layers(layering, rules, policy, today=today(shop.settings.time_zone))
        if not layers.rows_kept:
            raise _nothing_left(layers)
        if place == HERE:
            _write(engine, work)
        progress("Publishing", 0.9)
        manifest = _manifest(shop, layers, rules, policy.name, place=place, file=file, checksum=checksum, run=run)
        if before is not None and before.fingerprint == manifest.fingerprint:
            return HistoryReport(before, changed=False)
        publish_history(shop.folder, work, manifest)
        prune_histories(shop.folder, keep=shop.settings.keep_datasets)
        return HistoryReport(manifest, changed=True)


def rules_in_force(shop: Shop) -> VoucherRules:
    """The rules of the history in force; the usual ones before the first."""
    manifest = current_history(shop.folder)
    return rules_of(manifest) if manifest else DEFAULT_RULES


# --- raw -------------------------------------------------------------------------------------------------------------


def _rules(wishes: HistoryWishes, before: VoucherManifest | None) -> VoucherRules:
    """The rules as wished, else those of before; countries of the wish take the place of the table's."""
    if wishes.rules is not None:
        rules = parse_voucher_rules(wishes.rules)
    else:
        rules = rules_of(before) if before else DEFAULT_RULES
    if wishes.countries is None:
        return rules
    return replace(rules, countries=tuple(dict.fromkeys(each.strip() for each in wishes.countries if each.strip())))


def _raw(
    shop: Shop,
    paths: Sequence[Path],
    wishes: HistoryWishes,
    before: VoucherManifest | None,
    *,
    engine: DuckEngine,
    work: Path,
    scratch: Path,
) -> tuple[str, str]:
    """The raw layer in `work`, of the file or as it was, unless the warehouse has it; its file's name and SHA-256."""
    if paths:
        opened = open_voucher_history(
            paths,
            fields=FIELDS,
            mapping=wishes.mapping or {},
            engine=engine,
            scratch=scratch,
            target=work / RAW_FILE,
            most_bytes=wishes.most_bytes,
        )
        return opened.file, opened.sha256
    kept = layer(shop.folder, before.version, RAW_FILE) if before else None
    if before is not None and kept is not None:
        shutil.copy2(kept, work / RAW_FILE)
        return before.file, before.sha256
    if wishes.in_warehouse:
        return RAW, ""
    raise NotFoundError(
        "There is no voucher history to make anew.",
        seen="None was imported yet." if before is None else f"Its raw layer lies in {before.place}.",
        todo="Import a file with `holdfast vouchers import FILE`, or with POST /api/v1/vouchers/history.",
    )


def _bind_raw(engine: DuckEngine, raw: Path) -> None:
    """The raw layer as text, as a warehouse has it; the file keeps its types."""
    engine.bind("voucher_file", raw)
    texts = ", ".join(f"CAST(f.{field} AS VARCHAR) AS {field}" for field in FIELDS)
    query = Query("voucher_raw", "one row of the file", f"SELECT f.{ROW_NUMBER}, {texts} FROM voucher_file AS f")
    engine.define(RAW, query)


# --- where the layers are made ---------------------------------------------------------------------------------------


@contextmanager
def _layering(
    shop: Shop, wishes: HistoryWishes, engine: DuckEngine, work: Path, *, progress: Progress
) -> Iterator[tuple[Layering, str]]:
    """What makes the layers, with the raw one in it, and where that is."""
    raw = work / RAW_FILE
    if raw.exists():
        _bind_raw(engine, raw)
    if not wishes.in_warehouse:
        yield engine, HERE
        return
    address = shop.settings.warehouse_url
    if address is None:
        raise SettingsError(
            "No warehouse is known.",
            seen="warehouse_url is not set.",
            todo="Set HOLDFAST_WAREHOUSE_URL to snowflake://USER:PASSWORD@ACCOUNT/DATABASE?warehouse=NAME.",
        )
    with Snowflake.opened(address, schema=f"HOLDFAST_{shop.settings.tenant.upper()}") as warehouse:
        if raw.exists():
            progress("Loading the raw layer into the warehouse", 0.5)
            _load(engine, warehouse, work.with_suffix(".csv"))
        elif not warehouse.has(RAW):
            raise NotFoundError(
                "The warehouse has no raw history either.",
                seen=f"There is no table {RAW.upper()} in {warehouse.place}.",
                todo=f"Import a file, or load {ROW_NUMBER}, {', '.join(FIELDS)} into that table.",
            )
        yield warehouse, warehouse.place


def _load(engine: DuckEngine, warehouse: Snowflake, csv: Path) -> None:
    try:
        engine.write(Query(RAW, "one row of the file", f"SELECT * FROM {RAW} ORDER BY {ROW_NUMBER}"), csv)
        warehouse.load(RAW, {ROW_NUMBER: "BIGINT"} | dict.fromkeys(FIELDS, "VARCHAR"), csv)
    finally:
        csv.unlink(missing_ok=True)


def _write(engine: DuckEngine, work: Path) -> None:
    """The layers as files beside the raw one."""
    for name in (STAGED, REJECTS, PUBLISHED):
        path = work / f"{name.removeprefix('voucher_')}.parquet"
        engine.write(Query(name, "see the layers", f"SELECT * FROM {name}"), path)


# --- what is kept of a run -------------------------------------------------------------------------------------------


def _manifest(
    shop: Shop,
    layers: Layers,
    rules: VoucherRules,
    policy: str,
    *,
    place: str,
    file: str,
    checksum: str,
    run: str | None,
) -> VoucherManifest:
    made: dict[str, Any] = plain(
        {
            "file": file,
            "sha256": checksum,
            "place": place,
            "policy": policy,
            "rules": rules.as_rows(),
            "ledger": list(layers.ledger),
            "uses": list(layers.usage.uses),
            "duplicates": layers.duplicates,
            "notes": [*rules.notes(), *_doubts(layers)],
        }
    )
    fingerprint = sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    version = next_history(shop.folder, fingerprint)
    return VoucherManifest(version=version, created_at=stamp(), run=run or version, fingerprint=fingerprint, **made)


def _doubts(layers: Layers) -> Iterator[str]:
    if layers.duplicates:
        yield f"{layers.duplicates} rows equal an earlier one. Nobody can tell whether twice is meant; they count."


def _nothing_left(layers: Layers) -> InputError:
    counted = ", ".join(f"{entry.rows:,} {entry.reason}" for entry in layers.ledger)
    return InputError(
        "No voucher of the history counts; nothing was changed.",
        seen=f"{layers.rows_in:,} rows: {counted}.",
        todo="Check the country and the columns; `unreadable` wants days written as 2018-07-21.",
        details={"ledger": plain(list(layers.ledger))},
    )
