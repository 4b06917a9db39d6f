"""Runs: the whole chain, or some of its steps, in one call."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from holdfast.api.callers import Analyst, InService, Viewer
from holdfast.api.jobs import Accepted, Job, accepted, list_of_kind, read_of_kind
from holdfast.api.paging import Cursor, Limit, Page
from holdfast.workflows.jobs import submit
from holdfast.workflows.uploads import find_upload

router = APIRouter(prefix="/runs", tags=["runs"])


class Run(BaseModel):
    """Which steps to run. `import` takes an import that waits; without it the shop's orders are as they are."""

    steps: list[Literal["import", "answer", "train"]] = Field(default=["answer", "train"], min_length=1)
    import_id: str | None = Field(default=None, description="For the step `import`.")
    as_of: str | None = None
    label: str = Field(default="", max_length=200)


@router.post("", status_code=202)
def start_run(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    body: Annotated[Run | None, Body()] = None,
) -> Accepted:
    """Run the chain. Answers with the job; its result has what every step made."""
    wanted = body or Run()
    if wanted.import_id is not None or "import" in wanted.steps:
        with service.database.begin() as session:
            find_upload(session, tenant=caller.tenant, upload_id=wanted.import_id or "")
    arguments: dict[str, Any] = {"steps": wanted.steps, "import_id": wanted.import_id, "as_of": wanted.as_of}
    job = submit(service, tenant=caller.tenant, kind="run", arguments=arguments, by=caller.actor, label=wanted.label)
    return accepted(request, response, job)


@router.get("")
def list_runs(caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Job]:
    """Runs, the newest first, without their results."""
    return list_of_kind(service, caller, "run", limit=limit, cursor=cursor)


@router.get("/{run_id}")
def read_run(run_id: str, caller: Viewer, service: InService) -> Job:
    """A run: its job, with the result once it is there."""
    return read_of_kind(service, caller, "run", run_id)
