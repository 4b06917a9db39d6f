"""Signing in on the page and out again: by e-mail and password, or by a link that works once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, SecretStr

from holdfast.access.audit import note
from holdfast.access.caller import Caller, NotAllowedError, NotSignedInError, Role
from holdfast.access.limits import Limit
from holdfast.access.links import redeem
from holdfast.access.passwords import matches
from holdfast.access.roles import caller_of_user, visible_tenants
from holdfast.access.sessions import csrf_token, end_session, open_session, signed_in
from holdfast.access.sign_in import sign_in
from holdfast.access.tokens import hashed
from holdfast.access.users import normal_email, set_password
from holdfast.api.callers import TENANT_HEADER, Cookie, InService, RequestId, Viewer, reading, take
from holdfast.api.cookies import SESSION_COOKIE, check_origin, set_session_cookie
from holdfast.api.problems import RESPONSES
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service

router = APIRouter(prefix="/session", tags=["session"])
page_router = APIRouter(tags=["session"], responses=RESPONSES)
"""What a browser opens itself, outside of the API."""

PER_ADDRESS = Limit(burst=30, seconds_each=10)
"""Attempts to sign in from one network address: an office behind one of them comes in, a guesser gets 8,640 a day."""

PER_EMAIL = Limit(burst=10, seconds_each=60)
"""Attempts for one e-mail, from wherever: a thousand machines together guess 1,440 passwords a day."""

LINK_IS_OVER = "/?link=over"
"""The page with the words for it; who is signed in already sees none of them."""

UNSEEN = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""An address with a token in it is neither kept nor handed on."""


class Person(BaseModel, from_attributes=True):
    """Who is signed in."""

    id: str
    email: str
    name: str


class Place(BaseModel):
    """A tenant you may act in."""

    name: str
    title: str


class Session(BaseModel):
    """Who you are, what you may do, and where."""

    tenant: str = Field(description="The one you act in; another one is chosen with X-Tenant-Id.")
    role: Role
    actor: str = Field(description="What the audit log calls you.")
    tenants: list[Place]
    user: Person | None = Field(description="Null for a key.")
    csrf_token: str | None = Field(description="What changes by a browser carry as X-CSRF-Token; null for a key.")
    expires_at: datetime | None


class Credentials(BaseModel, extra="forbid"):
    """E-mail and password."""

    email: str = Field(max_length=254)
    password: SecretStr = Field(max_length=1000)


class PasswordChange(BaseModel, extra="forbid"):
    """Another password."""

    current: SecretStr | None = Field(default=None, max_length=1000, description="Absent for who has none yet.")
    new: SecretStr = Field(max_length=1000)


@router.post("")
def sign_in_with_password(
    body: Credentials, request: Request, response: Response, service: InService, request_id: RequestId
) -> Session:
    """Sign in. The cookie comes with the answer."""
    check_origin(request, service.settings)
    email = normal_email(body.email)
    take(request, f"sign-in:{request.client.host if request.client else ''}", PER_ADDRESS)
    take(request, f"sign-in:{hashed(email)}", PER_EMAIL)
    user, token = sign_in(
        service.database,
        email=email,
        password=body.password.get_secret_value(),
        now=now(),
        hours=service.settings.session_hours,
    )
    with service.database.begin() as session:
        caller = caller_of_user(session, user, wanted=request.headers.get(TENANT_HEADER))
        note(session, caller, "sign in", user.id, now=now(), request_id=request_id)
    set_session_cookie(request, response, token, service.settings)
    return _described(service, caller, token)


@router.get("")
def read_session(caller: Viewer, service: InService, cookie: Cookie) -> Session:
    """Who you are, in which tenant and role; for a browser also the token that its changes carry."""
    return _described(service, caller, _own_cookie(caller, cookie))


@router.delete("", status_code=204)
def sign_out(caller: Viewer, service: InService, cookie: Cookie, response: Response) -> None:
    """Sign out."""
    with service.database.begin() as session:
        end_session(session, _needed_cookie(caller, cookie))
    response.delete_cookie(SESSION_COOKIE, path="/")


@router.put("/password")
def change_password(
    body: PasswordChange,
    request: Request,
    response: Response,
    caller: Viewer,
    service: InService,
    cookie: Cookie,
    request_id: RequestId,
) -> Session:
    """Choose another password. You are signed out everywhere else."""
    token = _needed_cookie(caller, cookie)
    take(request, f"password:{caller.actor}", PER_EMAIL)
    with reading(service) as session:
        user, _ = signed_in(session, token, now=now())
    current = body.current.get_secret_value() if body.current else ""
    if user.password_hash is not None and not matches(user.password_hash, current):
        raise NotAllowedError("The password was not changed.", seen="`current` is wrong.", todo="Try again.")
    with service.database.begin() as session:
        user, _ = signed_in(session, token, now=now())
        set_password(session, user, body.new.get_secret_value())
        fresh = open_session(session, user, now=now(), hours=service.settings.session_hours)
        note(session, caller, "change password", user.id, now=now(), request_id=request_id)
    set_session_cookie(request, response, fresh, service.settings)
    return _described(service, caller, fresh)


@page_router.get("/sign-in", status_code=303, response_class=RedirectResponse)
def sign_in_by_link(
    token: Annotated[str, Query(max_length=200)], request: Request, service: InService, request_id: RequestId
) -> RedirectResponse:
    """Sign in by a link, once, and go on to the page; a browser whose link is over is told there what to do."""
    take(request, f"link:{request.client.host if request.client else ''}", PER_ADDRESS)
    try:
        with service.database.begin() as session:
            user = redeem(session, token, now=now())
            caller = caller_of_user(session, user, wanted=None)
            cookie = open_session(session, user, now=now(), hours=service.settings.session_hours)
            note(session, caller, "sign in", user.id, now=now(), request_id=request_id, details={"by": "link"})
    except NotSignedInError:
        if "text/html" not in request.headers.get("Accept", ""):
            raise
        return RedirectResponse(LINK_IS_OVER, 303, headers=UNSEEN)
    response = RedirectResponse("/", 303, headers=UNSEEN)
    set_session_cookie(request, response, cookie, service.settings)
    return response


def _own_cookie(caller: Caller, cookie: str | None) -> str | None:
    """The cookie, if it is by it that the caller was let in, and not by a key."""
    return cookie if caller.actor.startswith("user:") else None


def _needed_cookie(caller: Caller, cookie: str | None) -> str:
    own = _own_cookie(caller, cookie)
    if own is None:
        raise NotAllowedError("A key has no session.", seen=caller.actor, todo="Sign in as a person.")
    return own


def _described(service: Service, caller: Caller, cookie: str | None) -> Session:
    with reading(service) as session:
        tenants = [Place(name=each.name, title=each.title) for each in visible_tenants(session, caller)]
        user, record = signed_in(session, cookie, now=now()) if cookie is not None else (None, None)
    return Session(
        tenant=caller.tenant,
        role=caller.role,
        actor=caller.actor,
        tenants=tenants,
        user=Person.model_validate(user) if user else None,
        csrf_token=csrf_token(cookie) if cookie is not None else None,
        expires_at=record.expires_at if record else None,
    )
