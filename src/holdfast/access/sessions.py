"""Sessions of the page: a cookie that nobody can guess, kept here as its SHA-256 until it ends.

A change that comes with a cookie must also carry a token that only our own page can read (against cross-site request
forgery). The token follows from the cookie, so that nothing more is kept.
"""

import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import NotSignedInError
from holdfast.access.secrets import keyed_hash
from holdfast.access.tokens import hashed, new_token
from holdfast.store.records import User, WebSession


def open_session(session: Session, user: User, *, now: datetime, hours: int) -> str:
    """Sign a person in; the text is for their cookie. Sessions that are over are swept away."""
    session.execute(sa.delete(WebSession).where(WebSession.expires_at <= now))
    token = new_token("hs")
    ends = now + timedelta(hours=hours)
    session.add(WebSession(sha256=hashed(token), user_id=user.id, created_at=now, expires_at=ends))
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> tuple[User, WebSession]:
    """Whose cookie it is; NotSignedInError where it is unknown or over, or they may not sign in any more."""
    record = session.get(WebSession, hashed(token))
    user = session.get(User, record.user_id) if record else None
    if record is None or user is None or record.expires_at <= now or user.disabled_at is not None:
        raise NotSignedInError("You are not signed in any more.", seen="The session is over.", todo="Sign in again.")
    return user, record


def end_session(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(sa.delete(WebSession).where(WebSession.sha256 == hashed(token)))


def end_sessions(session: Session, user_id: str) -> None:
    """Sign a person out everywhere."""
    session.execute(sa.delete(WebSession).where(WebSession.user_id == user_id))


def csrf_token(token: str) -> str:
    """What changes must carry beside this cookie."""
    return keyed_hash(token, "csrf")


def is_csrf_token(token: str, given: str) -> bool:
    """Whether a change carries the token of its cookie; compared in constant time."""
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())
