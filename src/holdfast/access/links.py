"""Links that sign a person in once: printed by a server on loopback, or handed to somebody who was invited."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import NotSignedInError
from holdfast.access.tokens import hashed, new_token
from holdfast.store.records import SignInLink, User

MINUTES = 15
"""Long enough to copy a link from a terminal into a browser."""

INVITED_MINUTES = 7 * 24 * 60
"""Somebody who was invited may be on holiday for some days."""


def create_link(session: Session, *, user_id: str, now: datetime, minutes: int = MINUTES) -> str:
    """The text that `/sign-in?token=` takes once. Links that are over are swept away."""
    session.execute(sa.delete(SignInLink).where(SignInLink.expires_at <= now))
    token = new_token("hl")
    session.add(SignInLink(sha256=hashed(token), user_id=user_id, expires_at=now + timedelta(minutes=minutes)))
    return token


def redeem(session: Session, token: str, *, now: datetime) -> User:
    """The person a link belongs to; NotSignedInError where it is unknown, used or over.

    Of two who try at once, one wins.
    """
    used = session.scalar(
        sa.update(SignInLink)
        .where(SignInLink.sha256 == hashed(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.user_id)
    )
    user = session.get(User, used) if used is not None else None
    if user is None or user.disabled_at is not None:
        raise NotSignedInError(
            "The link was not accepted.",
            seen="It is unknown, over, or was used already: a link signs in once.",
            todo="Make a new one with `holdfast users link EMAIL`, or start the server again.",
        )
    return user
