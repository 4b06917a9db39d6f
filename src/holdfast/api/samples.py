"""The sample shop: for who has no orders at hand, or wants to see every page filled first."""

from fastapi import APIRouter, Request, Response

from holdfast.access.audit import note
from holdfast.api.callers import Analyst, InService, RequestId
from holdfast.api.imports import start_import
from holdfast.api.jobs import Accepted
from holdfast.api.problems import ConflictError
from holdfast.store import current_dataset
from holdfast.workflows.clock import now
from holdfast.workflows.demo import send_sample
from holdfast.workflows.uploads import Reception, record_upload

router = APIRouter(prefix="/imports", tags=["imports"])


@router.post("/sample", status_code=202)
def import_sample(
    request: Request, response: Response, caller: Analyst, service: InService, request_id: RequestId
) -> Accepted:
    """Fill an empty shop with an invented one: orders, customers and reviews, imported as any file, then trained on.

    Refused (409) where the shop has orders already.
    """
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
    if current_dataset(shop.folder) is not None:
        raise ConflictError(
            "The shop has orders already.",
            seen=f"Tenant {caller.tenant} has a data set, and invented customers would be mixed with its own.",
            todo="Make another tenant for the sample shop, or undo the imports of this one first.",
        )
    with Reception(shop.folder) as reception:
        wishes = send_sample(reception, seed=shop.settings.seed)
        reception.keep(shop.folder)
    with service.database.begin() as session:
        upload = record_upload(session, reception, tenant=caller.tenant, by=caller.actor, wishes=wishes)
        note(session, caller, "import sample", upload.id, now=now(), request_id=request_id)
    return start_import(request, response, service, caller, upload.id, confirm=True)
