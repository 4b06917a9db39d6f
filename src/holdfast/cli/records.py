"""From a command's options to a transaction on the records. Imported when a command runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from holdfast.access.audit import note
from holdfast.access.caller import Caller, Role
from holdfast.access.roles import roles_of
from holdfast.access.tenants import ensure_tenant, needed_tenant
from holdfast.access.users import needed_user
from holdfast.settings import Settings
from holdfast.store.database import Database
from holdfast.store.records import User
from holdfast.workflows.clock import now

ACTOR = "command line"
"""Who did it, in the audit log: whoever may run the command may read the database anyway."""


def settings_of(home: Path | None, tenant: str | None) -> Settings:
    """The settings of --home and --tenant, over environment and file."""
    return Settings.load({"home": home, "tenant": tenant})


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """A transaction on the records of some settings."""
    database = Database.open(settings.database_url, home=settings.home)
    try:
        with database.begin() as session:
            yield session
    finally:
        database.close()


@contextmanager
def changing(home: Path | None, tenant: str | None, *, make_tenant: bool = False) -> Iterator[tuple[Session, Caller]]:
    """A transaction for --home and --tenant, and who is to be noted in it; NotFoundError without such a tenant."""
    settings = settings_of(home, tenant)
    with transaction(settings) as session:
        if make_tenant:
            ensure_tenant(session, settings.tenant, now=now())
        needed_tenant(session, settings.tenant)
        yield session, Caller(settings.tenant, Role.OPERATOR, ACTOR)


@contextmanager
def changing_user(home: Path | None, email: str, action: str) -> Iterator[tuple[Session, User]]:
    """A transaction about a person, noted in every tenant they may act in; NotFoundError if nobody has the address."""
    with transaction(settings_of(home, None)) as session:
        user = needed_user(session, email)
        for tenant in roles_of(session, user):
            noted(session, Caller(tenant, Role.OPERATOR, ACTOR), action, user.id)
        yield session, user


def noted(session: Session, caller: Caller, action: str, subject: str, **details: object) -> None:
    """An entry of the audit log, in the transaction of the change."""
    note(session, caller, action, subject, now=now(), details=dict(details))
