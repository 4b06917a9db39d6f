"""One shape for everything that goes wrong: problem+json (RFC 9457) with what happened, what was seen, what to do."""

from typing import Any

import sqlalchemy as sa
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from holdfast.access.caller import NotAllowedError, NotSignedInError
from holdfast.errors import (
    EngineError,
    HoldfastError,
    InputError,
    MappingError,
    NotFoundError,
    PolicyError,
    SettingsError,
    StoreError,
    is_disk_full,
)
from holdfast.workflows.plain import plain

log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[HoldfastError], int], ...] = (
    (NotSignedInError, 401),
    (NotAllowedError, 403),
    (NotFoundError, 404),
    (MappingError, 422),
    (InputError, 422),
    (PolicyError, 422),
    (SettingsError, 422),
    (StoreError, 503),
    (EngineError, 503),
)
"""The HTTP status of our errors; an error with a `status` of its own has that."""


HOME = "HOLDFAST_HOME"


class Problem(BaseModel):
    """What every error looks like."""

    type: str = Field(description="A page about this kind of error.")
    title: str = Field(description="What happened.")
    status: int
    code: str = Field(description="The kind of error, for programs: it does not change between versions.")
    detail: str = Field(description="What was there.")
    todo: str = Field(description="What to do next.")
    request_id: str = Field(description="By which the server's log knows this request.")
    details: dict[str, Any] = Field(default_factory=dict, description="The same facts for programs.")


RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for code, text in (
        (400, "The request cannot be understood."),
        (401, "No valid key or session."),
        (403, "The role does not allow it."),
        (404, "There is no such thing in this tenant."),
        (409, "The thing is in a state, or in a use, that does not allow it."),
        (413, "Too large."),
        (422, "A value is wrong."),
        (429, "Too many requests."),
        (503, "The storage, the engine or the database is not available."),
    )
}
"""For every route's OpenAPI entry."""


class ConflictError(HoldfastError):
    """The thing is in a state, or in a use, that does not allow it."""

    code = "conflict"
    status = 409


class TooLargeError(HoldfastError):
    """More bytes than the server takes."""

    code = "too_large"
    status = 413


def handle_problems(app: FastAPI) -> None:
    """Answer every error in the one shape."""
    app.add_exception_handler(HoldfastError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OSError, _refused_by_system)
    app.add_exception_handler(sa.exc.OperationalError, _out_of_reach)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request, status: int, *, code: str, what: str, seen: str, todo: str, details: dict[str, Any] | None = None
) -> JSONResponse:
    """An error as a response; where the server keeps its files is nobody's business."""
    home = str(request.app.state.service.settings.home)
    body = Problem(
        type=f"/docs/errors#{code}",
        title=what.replace(home, HOME),
        status=status,
        code=code,
        detail=seen.replace(home, HOME),
        todo=todo,
        request_id=getattr(request.state, "request_id", ""),
        details=details or {},
    )
    return JSONResponse(body.model_dump(mode="json"), status, media_type="application/problem+json")


def status_of(error: HoldfastError) -> int:
    """The HTTP status of one of our errors."""
    own: int | None = getattr(error, "status", None)
    return own or next((status for kind, status in STATUS if isinstance(error, kind)), 422)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HoldfastError)  # noqa: S101 - registered for nothing else
    status = status_of(error)
    response = problem(
        request,
        status,
        code=error.code,
        what=error.what,
        seen=error.seen,
        todo=error.todo,
        details=plain(error.details),
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    found = [{"where": ".".join(map(str, each["loc"])), "problem": each["msg"]} for each in error.errors()]
    return problem(
        request,
        422,
        code="bad_request",
        what="The request does not fit its description.",
        seen="; ".join(f"{each['where']}: {each['problem']}" for each in found),
        todo="See /api/v1/openapi.json for what this address takes.",
        details={"errors": found},
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    response = problem(
        request,
        error.status_code,
        code={404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.status_code, "bad_request"),
        what=str(error.detail),
        seen=f"{request.method} {request.url.path}",
        todo="See /api/v1/openapi.json for the addresses there are.",
    )
    response.headers.update(error.headers or {})
    return response


def _refused_by_system(request: Request, error: Exception) -> JSONResponse:
    """A full disk is somebody's to clear; any other refusal is a mistake of ours."""
    if isinstance(error, OSError) and is_disk_full(error):
        return _ours(request, StoreError.of_system(error))
    return _unexpected(request, error)


def _out_of_reach(request: Request, error: Exception) -> JSONResponse:
    """The database is gone, full, or busy for too long; what exactly, and where it is, stands in the log alone."""
    log.error("the database cannot be used", reason=str(error.orig if isinstance(error, DBAPIError) else error))
    problem = StoreError(
        "The records cannot be reached.",
        seen="The database does not answer, or has no room left.",
        todo="Try again in a moment; who runs the server finds the reason in its log.",
    )
    return _ours(request, problem)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.exception("request failed", path=request.url.path, exc_info=error)
    return problem(
        request,
        500,
        code="bug",
        what="Something went wrong that should not have.",
        seen=f"{type(error).__name__} at {request.method} {request.url.path}",
        todo="Look for the request id in the server's log, and report it.",
    )
