"""Training as a job: a new model, and the place of the one in use for it if it earned that.

Each part is a step that finds its own traces: the same model is published once, an event is noted once.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from holdfast.store import default_model, list_models, needed_model, use_model
from holdfast.store.records import ModelEvent
from holdfast.workflows.looking_ahead import look_ahead
from holdfast.workflows.plain import plain
from holdfast.workflows.promotion import judge
from holdfast.workflows.registry import PROMOTED, TRAINED, note_event
from holdfast.workflows.training import train
from holdfast.workflows.work import Work


def train_and_promote(
    work: Work,
    *,
    as_of: date | None = None,
    horizon: int | None = None,
    dates: int = 3,
    may_promote: bool = True,
) -> dict[str, Any]:
    """Train, and put the model in use unless the one in use has the better proof, or `may_promote` is false."""

    def trained() -> Any:
        made = train(work.shop, as_of=as_of, horizon=horizon, dates=dates, make_default=False, progress=work.progress)
        return plain(made.as_dict())

    before = work.step("look which model is in use", lambda: default_model(work.shop.folder))
    result: dict[str, Any] = work.step("train", trained)
    _note_once(work, result["model"], TRAINED, {})
    in_use, why = work.step("put in use", lambda: _put_in_use(work, result["model"], before, may_promote=may_promote))
    look_ahead(work.shop, learn=True)
    return result | {"default": in_use, "why": why}


def _put_in_use(work: Work, model_id: str, before: str | None, *, may_promote: bool) -> tuple[bool, str]:
    """Whether the model is the default now, and why."""
    folder = work.shop.folder
    if not may_promote:
        return default_model(folder) == model_id, "Not asked for."
    champion = next((model for model in list_models(folder) if model.record.id == before), None)
    verdict = judge(champion, needed_model(folder, model_id))
    if verdict.promote and before != model_id:
        _note_once(work, model_id, PROMOTED, {"before": before, "why": verdict.why, "forced": False})
        use_model(folder, model_id)
    return verdict.promote, verdict.why


def _note_once(work: Work, model_id: str, event: str, details: dict[str, Any]) -> None:
    """Add an event to the history of models, unless this job has done so."""
    with work.service.database.begin() as session:
        noted = session.scalars(
            sa.select(ModelEvent).where(ModelEvent.tenant == work.tenant, ModelEvent.model == model_id)
        )
        if not any(each.event == event and each.details.get("job") == work.job.id for each in noted):
            note_event(
                session,
                tenant=work.tenant,
                actor=work.job.created_by,
                model=model_id,
                event=event,
                details=details | {"job": work.job.id},
            )
