"""Signing in with e-mail and password."""

from datetime import datetime

from holdfast.access.caller import NotSignedInError
from holdfast.access.passwords import hash_password, matches, outdated
from holdfast.access.sessions import open_session
from holdfast.access.users import user_by_email
from holdfast.store.database import Database
from holdfast.store.records import User


def sign_in(database: Database, *, email: str, password: str, now: datetime, hours: int) -> tuple[User, str]:
    """The person, and the text for their cookie; NotSignedInError, always the same one, if it is not their password.

    Takes the database, not a transaction: hashing is slow on purpose, and nobody should wait for it with a lock held.
    """
    with database.begin() as session:
        user = user_by_email(session, email)
    stored = user.password_hash if user is not None and user.disabled_at is None else None
    if not matches(stored, password) or user is None:
        raise NotSignedInError(
            "You could not be signed in.",
            seen="E-mail and password do not belong together, or there is no such person.",
            todo="Check both, or ask for a sign-in link.",
        )
    better = hash_password(password) if stored is not None and outdated(stored) else None
    with database.begin() as session:
        current = session.get_one(User, user.id)
        if current.password_hash != stored or current.disabled_at is not None:  # changed while we were hashing
            raise NotSignedInError("You could not be signed in.", seen="Your password has changed.", todo="Try again.")
        if better is not None:
            current.password_hash = better
        return current, open_session(session, current, now=now, hours=hours)
