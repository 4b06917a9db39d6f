"""Views: a shop's customers as of a day, computed once and kept, so that a page is a look-up and not a computation.

A view is a folder under `derived` of the data set it was made from: a DuckDB file with every customer's features,
groups, forecasts, orders and products, a JSON file with the summaries, and the ground of reasons. It can be made again
at any time from the data set and the model, so its file need not outlive the DuckDB that wrote it, whose version is
part of its name. A Parquet file of the same table answers ten times slower.

Who asks for a view that is not there gets it made on the way in a small shop. In a large one jobs make it after an
import and after a training; who asks before that is told to come again, while it is made beside.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import duckdb
from filelock import Timeout

from holdfast.workflows.datasets import version_in_force
from holdfast.workflows.derived import (
    PATIENCE_SECONDS,
    BeingPreparedError,
    alone,
    being_prepared,
    beside,
    keep_the_latest,
    place_of,
    publish,
)
from holdfast.workflows.editions import Edition, needed_edition
from holdfast.workflows.models import load_model
from holdfast.workflows.opened_views import View, opened
from holdfast.workflows.reasoning import GROUND, Ground, ground_in
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.view_making import FACTS, TABLES, make_ground, make_tables

MOST_IN_A_REQUEST = 100_000
"""Customers up to which a view is made while somebody waits: some ten seconds on two cores."""

KEPT = 8
"""Views of one data set that stay, the latest made: those of past days come and go."""

FORMAT = 2
"""Raised when the tables of a view change, so that older files are made anew."""

REASONS = "reasons"


def needed_view(shop: Shop, *, as_of: str | date | None = None, edition: Edition | None = None) -> View:
    """The view as of a day (default: the data set's proposal), made if need be.

    Raises NotFoundError for a shop without orders, InputError for a day nothing can be seen from, and
    BeingPreparedError where it takes longer than anybody would wait for a page.
    """
    known = edition or needed_edition(shop)
    day = known.day(as_of)
    found = _there(shop, known, day)
    if found:
        return found
    with _while_somebody_waits(shop, known, day):
        return _make_view(shop, known, day)


def needed_ground(shop: Shop, edition: Edition, view: View) -> Ground | None:
    """What the reasons of a view's forecasts rest on, made if need be; None where the view has no forecasts."""
    if edition.model is None or view.facts.model is None:
        return None
    folder = view.folder / REASONS
    if not (folder / GROUND).exists():
        day = date.fromisoformat(view.facts.as_of)
        with _while_somebody_waits(shop, edition, day):
            _make_reasons(shop, edition, view)
    stored = edition.model
    return ground_in(folder, lambda: load_model(stored))


def view_if_there(shop: Shop) -> View | None:
    """The view of the present edition if it has been made; None otherwise, and for a shop without orders."""
    if version_in_force(shop.folder) is None:
        return None
    edition = needed_edition(shop)
    return _there(shop, edition, edition.day(None))


def refresh_view(shop: Shop, progress: Progress = no_progress) -> dict[str, object]:
    """Make the view of the present edition, as far as it is not there; for jobs that changed the data or the model."""
    edition = needed_edition(shop)
    facts = _prepare(shop, edition, edition.day(None), progress).facts
    return {"as_of": facts.as_of, "customers": facts.customers, "model": facts.model}


def forget_model(shop: Shop, model_id: str) -> None:
    """Delete all views that hold forecasts of a model, since deleted means deleted."""
    for folder in (shop.folder.path / "derived").glob(f"*/views/*-{model_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)


# --- where a view is -------------------------------------------------------------------------------------------------


def _place(shop: Shop, edition: Edition, day: date) -> Path:
    name = f"{_groups_part(edition, day)}-{edition.forecasts_tag}"
    return place_of(shop, edition.dataset, "views", name)


def _groups_part(edition: Edition, day: date) -> str:
    """What views of the same customers in the same groups have in common, whatever was forecast of them."""
    return f"{day:%Y%m%d}-{FORMAT}.{duckdb.__version__}-{edition.groups_tag}"


def _there(shop: Shop, edition: Edition, day: date) -> View | None:
    folder = _place(shop, edition, day)
    return opened(folder, settings=shop.settings) if (folder / FACTS).exists() else None


# --- making ----------------------------------------------------------------------------------------------------------


def _prepare(shop: Shop, edition: Edition, day: date, progress: Progress = no_progress) -> View:
    """Make the view and the ground of its reasons, as far as they are not there, however long it takes."""
    view = _there(shop, edition, day) or _make_view(
        shop, edition, day, progress=lambda step, done: progress(step, 0.7 * done), patience=-1
    )
    if view.facts.model is not None and not (view.folder / REASONS).exists():
        progress("What reasons rest on", 0.7)
        _make_reasons(shop, edition, view, patience=-1)
    return view


def _make_view(
    shop: Shop,
    edition: Edition,
    day: date,
    *,
    progress: Progress = no_progress,
    patience: float = PATIENCE_SECONDS,
) -> View:
    """Make a view, unless another process was faster; raises Timeout when patience (seconds, -1: endless) is over."""
    with alone(shop, "making", patience=patience) as work:
        target = _place(shop, edition, day)
        if not (target / FACTS).exists():
            facts = make_tables(
                shop, edition, day, into=work / TABLES, kin=_kin(target, edition, day), progress=progress
            )
            (work / FACTS).write_text(json.dumps(asdict(facts), ensure_ascii=False) + "\n", encoding="utf-8")
            publish(shop, edition.dataset, work, target)
            keep_the_latest(target, KEPT)
    return opened(target, settings=shop.settings)


def _make_reasons(shop: Shop, edition: Edition, view: View, *, patience: float = PATIENCE_SECONDS) -> None:
    """Make the ground of a view's reasons, in the same way."""
    with alone(shop, "making", patience=patience) as work:
        target = view.folder / REASONS
        if not target.exists():
            make_ground(shop, edition, view.folder, date.fromisoformat(view.facts.as_of), into=work)
            publish(shop, edition.dataset, work, target)


def _kin(target: Path, edition: Edition, day: date) -> Path | None:
    """A view of the same customers with other forecasts, from which all else can be taken over."""
    return next(iter(sorted(target.parent.glob(f"{_groups_part(edition, day)}-*"))), None)


# --- while somebody waits, or beside ---------------------------------------------------------------------------------


@contextmanager
def _while_somebody_waits(shop: Shop, edition: Edition, day: date) -> Iterator[None]:
    """Where something is made on the way; in a large shop it is begun beside instead, and BeingPreparedError raised."""
    customers = edition.dataset.manifest.rows["customers"]
    if customers > MOST_IN_A_REQUEST:
        beside.begin(_place(shop, edition, day), lambda: _prepare(shop, edition, day))
        raise _being_prepared(customers, day)
    try:
        yield
    except Timeout as error:
        raise _being_prepared(customers, day) from error


def _being_prepared(customers: int, day: date) -> BeingPreparedError:
    return being_prepared(
        f"The customers as of {day} are being prepared.",
        seen=f"{customers:,} customers, looked at in this way for the first time.",
    )
