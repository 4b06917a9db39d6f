"""People who sign in on the page: made, given a password, shut out and let in again."""

import re
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.passwords import hash_password
from holdfast.access.sessions import end_sessions
from holdfast.errors import InputError, NotFoundError
from holdfast.store.records import Membership, SignInLink, User, new_id

LOCAL_OPERATOR = "operator@localhost"
"""Who signs in by the link that a server on loopback prints."""

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def normal_email(text: str) -> str:
    """An e-mail address in one spelling; InputError for what is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InputError("This is no e-mail address.", seen=f"{text[:80]!r}.", todo="Write it like name@example.com.")
    return email


def create_user(
    session: Session, *, email: str, name: str = "", password: str | None = None, operator: bool = False, now: datetime
) -> User:
    """A new person; InputError where there is one with this address."""
    if user_by_email(session, email) is not None:
        raise InputError("There is such a person already.", seen=f"{normal_email(email)}.", todo="List the users.")
    made = User(
        id=new_id("user"),
        email=normal_email(email),
        name=name,
        password_hash=hash_password(password) if password is not None else None,
        operator=operator,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def user_by_email(session: Session, email: str) -> User | None:
    """The person with an address, if there is one."""
    return session.scalar(sa.select(User).where(User.email == normal_email(email)))


def needed_user(session: Session, email: str) -> User:
    """The person with an address; NotFoundError if there is none."""
    found = user_by_email(session, email)
    if found is None:
        raise NotFoundError(
            f"There is no user {normal_email(email)!r}.",
            seen="No record of them.",
            todo="List them with `holdfast users list`, or make one with `holdfast users create`.",
        )
    return found


def list_users(session: Session) -> Sequence[User]:
    """All people by address."""
    return session.scalars(sa.select(User).order_by(User.email)).all()


def set_password(session: Session, user: User, password: str) -> None:
    """A new password; whoever is signed in with the old one no longer is, and links that were handed out are void."""
    user.password_hash = hash_password(password)
    _shut_out(session, user)


def disable(session: Session, user: User, *, now: datetime) -> None:
    """They cannot sign in any more, and are no longer signed in."""
    user.disabled_at = user.disabled_at or now
    _shut_out(session, user)


def enable(user: User) -> None:
    """They can sign in again."""
    user.disabled_at = None


def local_operator(session: Session, *, now: datetime) -> User:
    """The operator of a server on loopback, made at its first start; has no password, only links let them in."""
    return user_by_email(session, LOCAL_OPERATOR) or create_user(
        session, email=LOCAL_OPERATOR, name="Operator", operator=True, now=now
    )


def forget(session: Session, user: User) -> None:
    """Delete a person with all that belongs to them; what they did stays in the audit logs under their id."""
    _shut_out(session, user)
    session.execute(sa.delete(Membership).where(Membership.user_id == user.id))
    session.delete(user)
    session.flush()


def _shut_out(session: Session, user: User) -> None:
    end_sessions(session, user.id)
    session.execute(sa.delete(SignInLink).where(SignInLink.user_id == user.id))
