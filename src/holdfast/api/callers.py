"""Who is asking: an API key as bearer, or the session cookie of the page; how often they may, and what that takes.

A request that carries an idempotency key is looked up here too, once it is known that its sender may make it.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from holdfast.access.caller import Caller, NotSignedInError, Role, require
from holdfast.access.keys import accepted_key, note_use, was_used_lately
from holdfast.access.limits import Buckets, Limit, TooManyRequestsError
from holdfast.access.roles import caller_of_key, caller_of_user
from holdfast.access.sessions import signed_in
from holdfast.api.cookies import SESSION_COOKIE, check_change
from holdfast.api.idempotency import recall
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service

TENANT_HEADER = "X-Tenant-Id"

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="An API key: `holdfast keys create`.")
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, scheme_name="session", description="The page's sign-in.")
Key = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Cookie = Annotated[str | None, Depends(_cookie)]


async def service_of(request: Request) -> Service:
    """The service that this process runs."""
    service: Service = request.app.state.service
    return service


async def request_id_of(request: Request) -> str:
    """By which the log, the audit log and the answer know this request."""
    found: str = request.state.request_id
    return found


InService = Annotated[Service, Depends(service_of)]
RequestId = Annotated[str, Depends(request_id_of)]


def caller_of(
    request: Request,
    service: InService,
    key: Key,
    cookie: Cookie,
) -> Caller:
    """Who is asking.

    Raises NotSignedInError without a valid key or session, NotAllowedError for another tenant or a change that another
    site's page may have sent, TooManyRequestsError for more than they may.
    """
    wanted = request.headers.get(TENANT_HEADER)
    if key is not None:
        caller = _of_key(service, key.credentials, wanted)
    elif cookie is not None:
        check_change(request, cookie, service.settings)
        with reading(service) as session:
            user, _ = signed_in(session, cookie, now=now())
            caller = caller_of_user(session, user, wanted=wanted)
    else:
        raise NotSignedInError(
            "You are not signed in.", seen="No key and no session.", todo="Send `Authorization: Bearer KEY`."
        )
    request.state.caller = caller
    if service.settings.requests_per_minute:
        take(request, caller.actor, Limit.a_minute(service.settings.requests_per_minute))
    return caller


def take(request: Request, name: str, limit: Limit) -> None:
    """Count a request under a name; TooManyRequestsError if that was one too many. The answer says what is left."""
    buckets: Buckets = request.app.state.buckets
    taken = buckets.take(name, limit)
    request.state.taken = taken
    if not taken.granted:
        raise TooManyRequestsError.of(taken)


@contextmanager
def reading(service: Service) -> Iterator[Session]:
    """A transaction that only reads, and so waits for nobody."""
    with service.database.begin() as session:
        session.connection(execution_options={"only_reads": True})
        yield session


def _of_key(service: Service, token: str, wanted: str | None) -> Caller:
    moment = now()
    with reading(service) as session:
        key = accepted_key(session, token, now=moment)
        caller = caller_of_key(session, tenant=key.tenant, role=Role(key.role), key_id=key.id, wanted=wanted)
    if not was_used_lately(key, now=moment):
        with service.database.begin() as session:
            note_use(session, key.id, now=moment)
    return caller


def _at_least(needed: Role) -> Callable[..., Awaitable[Caller]]:
    async def check(request: Request, service: InService, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        require(caller, needed)
        await recall(request, service.database, caller)
        return caller

    return check


Viewer = Annotated[Caller, Depends(_at_least(Role.VIEWER))]
Analyst = Annotated[Caller, Depends(_at_least(Role.ANALYST))]
Admin = Annotated[Caller, Depends(_at_least(Role.ADMIN))]
Operator = Annotated[Caller, Depends(_at_least(Role.OPERATOR))]
