"""Erasing a customer everywhere, with a receipt.

A keyed hash of the id stays, so that an import or a restore that brings the customer again leaves them out. All of it
can be killed at any point and begun anew: what was found is written into the receipt before anything is changed.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import NotFoundError
from holdfast.store.records import Erasure, Job, VoucherOffer, new_id
from holdfast.workflows.caching import AnswerCache
from holdfast.workflows.clock import now, stamp
from holdfast.workflows.erasing_files import erase_from_files, everybody, find, ledger_summary
from holdfast.workflows.erasing_records import erase_from_records
from holdfast.workflows.personal_data import list_entries, lists_that_left, voucher_offers
from holdfast.workflows.plain import plain
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.tombstones import bury, erased_among, tombstone, tombstones
from holdfast.workflows.work import Work

T = TypeVar("T")
Step = Callable[[str, Callable[[], T]], T]

STAYS = (
    "Models keep what they learned from all customers together; it holds nobody's rows.",
    "Files that were downloaded, backups and logs are outside this shop; a restored backup leaves the customer out.",
)


def check_held(service: Service, shop: Shop, customer_id: str) -> None:
    """NotFoundError unless the shop holds something of the customer, or was asked to erase them before."""
    if tombstone(shop, customer_id) in tombstones(shop) or find(shop, [customer_id]):
        return
    tenant = shop.settings.tenant
    if not (voucher_offers(service, tenant, customer_id) or list_entries(service, tenant, customer_id)):
        raise NotFoundError(
            f"The shop holds nothing of a customer {customer_id[:80]!r}.",
            seen=f"Looked in the imports, forecasts, predictions and vouchers and lists of {tenant}.",
            todo="Check the id. Ids are those of the file, letter by letter.",
        )


def begin(session: Session, shop: Shop, customer_id: str, *, actor: str) -> Erasure:
    """The record of an erasure; that of an earlier attempt which has not ended."""
    tenant, known_as = shop.settings.tenant, tombstone(shop, customer_id)
    earlier = sa.select(Erasure).where(Erasure.tenant == tenant, Erasure.customer_hash == known_as)
    for erasure in session.scalars(earlier):
        if "ended_at" not in erasure.receipt:
            return erasure
    made = Erasure(
        id=new_id("erasure"), tenant=tenant, customer_hash=known_as, created_at=now(), actor=actor, receipt={}
    )
    session.add(made)
    return made


def erase_customer(work: Work) -> dict[str, Any]:
    """The job. Arguments: `erasure`, and until it is done `customer_id`."""
    erasure_id, customer_id = str(work.arguments["erasure"]), work.arguments.get("customer_id")
    if customer_id is not None:
        erase(
            work.service,
            work.shop,
            str(customer_id),
            erasure_id,
            by_job=work.job.id,
            step=work.step,
            progress=work.progress,
        )
        work.step("forget the id", lambda: _forget_arguments(work, erasure_id))
    return find_erasure(work.service, work.tenant, erasure_id).receipt


def erase(
    service: Service,
    shop: Shop,
    customer_id: str,
    erasure_id: str,
    *,
    by_job: str | None = None,
    step: Callable[[str, Callable[[], None]], None] = lambda _, do: do(),
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Erase a customer; the receipt."""
    known_as = tombstone(shop, customer_id)
    step("look", lambda: _look(service, shop, customer_id, erasure_id))
    step("files", lambda: _erase_from_files(service, shop, customer_id, erasure_id, progress))
    step("records", lambda: erase_from_records(service, shop, customer_id, tombstone=known_as[:16], but=by_job))
    step("cache", lambda: _empty_cache(service, shop.settings.tenant))
    step("receipt", lambda: _write(service, shop.settings.tenant, erasure_id, {"ended_at": stamp()}))
    return find_erasure(service, shop.settings.tenant, erasure_id).receipt


def erase_again(service: Service, shop: Shop, hashes: set[str]) -> list[str]:
    """Erase those whom these tombstones stand for, as far as a restored backup has brought them back."""
    if not hashes:
        return []
    with shop.folder.locked():
        bury(shop, hashes)
    with service.database.begin() as session:
        offered = sa.select(VoucherOffer.customer_id).where(VoucherOffer.tenant == shop.settings.tenant).distinct()
        known = {*everybody(shop), *session.scalars(offered)}
    back = erased_among(shop, sorted(known))
    if back:
        erase_from_files(shop, back)
    for customer_id in back:
        erase_from_records(service, shop, customer_id, tombstone=tombstone(shop, customer_id)[:16], but=None)
    return back


def find_erasure(service: Service, tenant: str, erasure_id: str) -> Erasure:
    """An erasure of the tenant; NotFoundError if there is none."""
    with service.database.begin() as session:
        found = session.get(Erasure, erasure_id)
    if found is None or found.tenant != tenant:
        raise NotFoundError(
            f"There is no erasure {erasure_id!r}.", seen=f"Tenant {tenant} has no such.", todo="List the erasures."
        )
    return found


def _look(service: Service, shop: Shop, customer_id: str, erasure_id: str) -> None:
    """Write down where the customer stands, while they still do."""
    if find_erasure(service, shop.settings.tenant, erasure_id).receipt:
        return
    found = find(shop, [customer_id])
    receipt = {
        "began_at": stamp(),
        "rows": plain(found.raw_rows),
        "models": plain(found.models),
        "predictions": plain(found.predictions),
        "datasets_deleted": plain(found.datasets),
        "ledger_before": plain(found.ledger),
        "voucher_offers": len(voucher_offers(service, shop.settings.tenant, customer_id)),
        "action_lists": [each["list_id"] for each in list_entries(service, shop.settings.tenant, customer_id)],
        "lists_that_left": lists_that_left(service, shop.settings.tenant),
        "files_that_wait": shop.folder.names("uploads"),
        "stays": list(STAYS),
    }
    _write(service, shop.settings.tenant, erasure_id, receipt)


def _erase_from_files(service: Service, shop: Shop, customer_id: str, erasure_id: str, progress: Progress) -> None:
    dataset = erase_from_files(shop, [customer_id], progress=progress)
    after = {"ledger_after": ledger_summary(dataset) if dataset else None}
    _write(service, shop.settings.tenant, erasure_id, after)


def _empty_cache(service: Service, tenant: str) -> None:
    """What servers keep in their own memory is named after the old data set, so that nobody finds it again."""
    if service.settings.redis_url:
        asyncio.run(_forget(AnswerCache(service.settings), tenant))


async def _forget(cache: AnswerCache, tenant: str) -> None:
    await cache.forget(tenant)
    await cache.close()


def _forget_arguments(work: Work, erasure_id: str) -> None:
    with work.service.database.begin() as session:
        session.execute(sa.update(Job).where(Job.id == work.job.id).values(arguments={"erasure": erasure_id}))
    work.service.database.compact()


def _write(service: Service, tenant: str, erasure_id: str, values: dict[str, Any]) -> None:
    with service.database.begin() as session:
        erasure = session.get(Erasure, erasure_id)
        if erasure is not None and erasure.tenant == tenant:
            erasure.receipt = {**erasure.receipt, **values}
