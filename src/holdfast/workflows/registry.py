"""The registry of a tenant's models: which one is in use, how that came about, and what may be deleted."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import HoldfastError, NotFoundError
from holdfast.store import StoredModel, default_model, delete_model, needed_model, use_model
from holdfast.store.records import Job, ModelEvent, new_id
from holdfast.workflows.clock import instant
from holdfast.workflows.promotion import Verdict, champion_of, judge
from holdfast.workflows.shop import Shop

TRAINED, PROMOTED, ROLLED_BACK, DELETED = "trained", "promoted", "rolled back", "deleted"


class InUseError(HoldfastError):
    """Something still needs the model, or it did not earn the place it was meant for."""

    code = "conflict"
    status = 409


def note_event(
    session: Session, *, tenant: str, actor: str, model: str, event: str, details: dict[str, Any] | None = None
) -> None:
    """Add a line to the history of models."""
    session.add(
        ModelEvent(
            id=new_id("event"),
            tenant=tenant,
            at=instant(),
            actor=actor,
            model=model,
            event=event,
            details=details or {},
        )
    )


def history(session: Session, *, tenant: str) -> Sequence[ModelEvent]:
    """What happened to models, the latest first."""
    chosen = sa.select(ModelEvent).where(ModelEvent.tenant == tenant)
    return session.scalars(chosen.order_by(ModelEvent.at.desc(), ModelEvent.id.desc())).all()


def promote(session: Session, shop: Shop, model_id: str, *, actor: str, force: bool = False) -> Verdict:
    """Put a model in use; InUseError where it is not better than the one in use, unless forced."""
    challenger = needed_model(shop.folder, model_id)
    champion = champion_of(shop.folder)
    verdict = judge(champion, challenger)
    if not (verdict.promote or force):
        raise InUseError(
            f"{model_id} did not earn the place of {champion.record.id if champion else 'the model in use'}.",
            seen=verdict.why,
            todo="Compare the two, and send `force: true` if you want it all the same.",
        )
    _use(session, shop, challenger, champion, actor=actor, event=PROMOTED, why=verdict.why, forced=not verdict.promote)
    return verdict


def roll_back(session: Session, shop: Shop, *, actor: str) -> StoredModel:
    """Put the model in use again that was in use before; NotFoundError where there is none left."""
    champion = champion_of(shop.folder)
    for event in history(session, tenant=shop.settings.tenant):
        before = event.details.get("before")
        if event.event == PROMOTED and before and champion is not None and event.model == champion.record.id:
            earlier = needed_model(shop.folder, before)
            _use(session, shop, earlier, champion, actor=actor, event=ROLLED_BACK, why="Asked for.", forced=False)
            return earlier
    raise NotFoundError(
        "There is no model to go back to.",
        seen=f"In use: {champion.record.id if champion else 'none'}; nothing is known to have been in use before it.",
        todo="Choose one with PUT /api/v1/models/default.",
    )


def remove(session: Session, shop: Shop, model_id: str, *, actor: str) -> None:
    """Delete a model with its files; InUseError while it is in use, or a job needs it."""
    model = needed_model(shop.folder, model_id)
    if default_model(shop.folder) == model_id:
        raise InUseError(
            f"{model_id} is in use.", seen="It is the default model.", todo="Put another one in use first."
        )
    needing = _jobs_with(session, shop.settings.tenant, model_id)
    if needing:
        raise InUseError(
            f"{model_id} is needed by a job.", seen=", ".join(needing), todo="Wait for the job, or cancel it."
        )
    delete_model(shop.folder, model.record.id)
    note_event(session, tenant=shop.settings.tenant, actor=actor, model=model_id, event=DELETED)


def _use(
    session: Session,
    shop: Shop,
    model: StoredModel,
    before: StoredModel | None,
    *,
    actor: str,
    event: str,
    why: str,
    forced: bool,
) -> None:
    use_model(shop.folder, model.record.id)
    details = {"before": before.record.id if before else None, "why": why, "forced": forced}
    note_event(session, tenant=shop.settings.tenant, actor=actor, model=model.record.id, event=event, details=details)


def _jobs_with(session: Session, tenant: str, model_id: str) -> list[str]:
    """Jobs that wait or run and name the model, or will take the one in use."""
    active = sa.select(Job).where(Job.tenant == tenant, Job.state.in_(("queued", "running")))
    return [job.id for job in session.scalars(active) if job.arguments.get("model") == model_id]
