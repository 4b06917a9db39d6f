"""A customer taken out of the records of a tenant: results of jobs, kept answers, samples of files, the audit log.

What names the customer is emptied as a whole, rather than searched for the words around the name.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.orm import Session

from holdfast.engine import DuckEngine, Query
from holdfast.sources.addresses import forget_address
from holdfast.store import ShopFolder
from holdfast.store.models import FORECASTS
from holdfast.store.records import Answered, AuditEntry, Job, ListEntry, Prediction, Upload, VoucherOffer
from holdfast.workflows.durable import ticket_of
from holdfast.workflows.jobs import ENDED
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop

GONE: dict[str, Any] = {"erased": "This named a customer who was erased."}


def erase_from_records(service: Service, shop: Shop, customer_id: str, *, tombstone: str, but: str | None) -> None:
    """Take a customer out of the tenant's records; `but` is the job that does it, and still needs the id."""
    tenant, names_them = shop.settings.tenant, _Names(customer_id)
    with service.database.begin() as session:
        tickets = _empty_jobs(session, tenant, names_them, but=but)
        _forget_answers(session, tenant, names_them)
        _empty_uploads(session, shop.folder, tenant, names_them)
        _rename_in_audit(session, tenant, names_them, tombstone)
        _recount_predictions(session, shop, tenant)
        _rename_in_offers(session, tenant, customer_id, tombstone)
        _rename_in_lists(session, tenant, customer_id, tombstone)
        origins = session.scalars(sa.select(Upload.origin).where(Upload.tenant == tenant, Upload.origin.is_not(None)))
        for origin in origins:
            forget_address(str(origin), cache=service.settings.home / "cache" / "addresses")
    service.tickets.forget(tickets)
    service.database.compact()


class _Names:
    """Whether a value names the customer: the whole of a text, or a word in it."""

    def __init__(self, customer_id: str) -> None:
        self.as_json = json.dumps(customer_id)[1:-1]
        self.pattern = re.compile(rf"(?<![0-9A-Za-z]){re.escape(customer_id)}(?![0-9A-Za-z])")

    def __call__(self, value: Any) -> bool:
        if isinstance(value, str):
            return bool(self.pattern.search(value))
        if isinstance(value, Mapping):
            return any(self(key) or self(each) for key, each in value.items())
        return isinstance(value, list) and any(self(each) for each in value)

    def perhaps_in(self, *columns: sa.orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[bool]:
        """Rows worth a look, as the database can tell."""
        return sa.or_(*(sa.cast(column, sa.Text).contains(self.as_json, autoescape=True) for column in columns))

    def replaced(self, value: Any, by: str) -> Any:
        """The value with another word in the place of the name."""
        if isinstance(value, str):
            return self.pattern.sub(lambda _: by, value)
        if isinstance(value, Mapping):
            return {key: self.replaced(each, by) for key, each in value.items()}
        return [self.replaced(each, by) for each in value] if isinstance(value, list) else value


def _empty_jobs(session: Session, tenant: str, names_them: _Names, *, but: str | None) -> list[str]:
    """Results of jobs that have ended; also what the queue remembers of them, by the names of their tickets."""
    ended = sa.select(Job).where(Job.tenant == tenant, Job.state.in_(ENDED), Job.id != (but or ""))
    tickets = []
    for job in session.scalars(ended.where(names_them.perhaps_in(Job.arguments, Job.result, Job.problem, Job.label))):
        if any(names_them(value) for value in (job.arguments, job.result, job.problem, job.label)):
            job.result = GONE if names_them(job.result) else job.result
            job.problem = {**(job.problem or {}), "seen": "", "details": {}} if names_them(job.problem) else job.problem
            job.arguments = {} if names_them(job.arguments) else job.arguments
            job.label = "" if names_them(job.label) else job.label
            tickets += [ticket_of(job, attempt=attempt) for attempt in range(1, job.attempt + 1)]
    return tickets


def _forget_answers(session: Session, tenant: str, names_them: _Names) -> None:
    """Answers kept for requests that are sent again; without its answer a key is refused, not done twice."""
    for answered in session.scalars(sa.select(Answered).where(Answered.tenant == tenant)):
        if names_them(answered.body):
            answered.body = {"headers": {}, "text": None}


def _empty_uploads(session: Session, folder: ShopFolder, tenant: str, names_them: _Names) -> None:
    """Samples of columns may be anybody's. Files that wait are inspected anew, so theirs stay as long as they do."""
    waiting = set(folder.names("uploads"))
    for upload in session.scalars(sa.select(Upload).where(Upload.tenant == tenant)):
        if upload.id in waiting:
            continue
        if upload.inspection is not None:
            upload.inspection = _without_samples(upload.inspection)
        for name in ("report", "problem"):
            if names_them(getattr(upload, name)):
                setattr(upload, name, None)


def _without_samples(inspection: dict[str, Any]) -> dict[str, Any]:
    tables = [
        {**table, "columns": [{**column, "samples": []} for column in table["columns"]]}
        for table in inspection["tables"]
    ]
    return {**inspection, "tables": tables}


def _rename_in_audit(session: Session, tenant: str, names_them: _Names, tombstone: str) -> None:
    """Who looked for the customer stays known, for whom they looked does not."""
    perhaps = names_them.perhaps_in(AuditEntry.subject, AuditEntry.details)
    for entry in session.scalars(sa.select(AuditEntry).where(AuditEntry.tenant == tenant, perhaps)):
        if names_them(entry.subject) or names_them(entry.details):
            entry.subject = names_them.replaced(entry.subject, tombstone)
            entry.details = names_them.replaced(entry.details, tombstone)


def _rename_in_offers(session: Session, tenant: str, customer_id: str, tombstone: str) -> None:
    """What was measured stays as it was, and nobody can tell any more on whom."""
    theirs = sa.and_(VoucherOffer.tenant == tenant, VoucherOffer.customer_id == customer_id)
    session.execute(sa.update(VoucherOffer).where(theirs).values(customer_id=f"erased {tombstone}"))


def _rename_in_lists(session: Session, tenant: str, customer_id: str, tombstone: str) -> None:
    """The arms stay as they were drawn; the words, which hold the customer's numbers, go."""
    theirs = sa.and_(ListEntry.tenant == tenant, ListEntry.customer_id == customer_id)
    session.execute(sa.update(ListEntry).where(theirs).values(customer_id=f"erased {tombstone}", words={}))


def _recount_predictions(session: Session, shop: Shop, tenant: str) -> None:
    with shop.engine() as engine:
        for prediction in session.scalars(sa.select(Prediction).where(Prediction.tenant == tenant)):
            folder = shop.folder.find(f"predictions/{prediction.id}")
            if folder is not None:
                prediction.customers = _rows(engine, folder / FORECASTS)


def _rows(engine: DuckEngine, table: Path) -> int:
    engine.bind("counted", table)
    return int(engine.rows(Query("counted", "all rows", "SELECT COUNT(*) AS n FROM counted")).one()["n"])
