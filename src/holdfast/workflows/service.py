"""What lives as long as a server or a worker does: settings, records, and the way to a tenant's shop."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from holdfast.access.tenants import needed_tenant
from holdfast.errors import SettingsError, StoreError
from holdfast.settings import Settings
from holdfast.store.database import Database
from holdfast.workflows.durable import Tickets
from holdfast.workflows.shop import Shop

TENANT_SETTINGS = frozenset(
    {
        "policy", "currency", "time_zone", "horizon_days", "margin", "discount_rate", "value_years", "incentive",
        "incentive_success_rate", "risk_cutoffs", "archetypes", "archetypes_by_stability",
        "archetypes_with_engagement", "contact_days", "keep_datasets", "train_after_import", "voucher_budget",
        "voucher_per_customer", "voucher_cool_down_days", "voucher_explore", "voucher_outcome_days", "seed",
    }
)  # fmt: skip
"""What a tenant may have otherwise than the server."""


RESTORE_BEGUN = "restoring"
"""Folder in the home while a backup is restored into it; with `begun` in it nothing else here can be trusted."""


@dataclass(frozen=True)
class Service:
    """The open records of a home folder, under some settings."""

    settings: Settings
    database: Database

    @classmethod
    def open(cls, settings: Settings) -> "Service":
        """Open the records, migrated if need be."""
        if (settings.home / RESTORE_BEGUN / "begun").exists():
            raise StoreError(
                "A backup is being restored here, or that was interrupted.",
                seen=f"{settings.home / RESTORE_BEGUN}",
                todo="Wait for its end, or run `holdfast restore FILE --force` again.",
            )
        return cls(settings, Database.open(settings.database_url, home=settings.home))

    def close(self) -> None:
        """Give connections back."""
        self.database.close()
        if "tickets" in vars(self):
            self.tickets.close()

    def shop(self, session: Session, tenant: str) -> Shop:
        """The shop of a tenant, under the server's settings and its own; NotFoundError if there is no such tenant."""
        return Shop.open(settings_of(self.settings, tenant, needed_tenant(session, tenant).settings))

    @cached_property
    def tickets(self) -> Tickets:
        """The queue that workers take jobs from; opened when the first job is submitted."""
        return Tickets.open(self.settings)

    @cached_property
    def uploads(self) -> Path:
        """Where files are received before they belong to a shop."""
        return self.settings.home / "uploads"


def settings_of(settings: Settings, tenant: str, own: dict[str, Any]) -> Settings:
    """The server's settings with a tenant's own; SettingsError for what a tenant may not set, or a wrong value."""
    foreign = sorted(own.keys() - TENANT_SETTINGS)
    if foreign:
        raise SettingsError(
            "A tenant cannot set this.",
            seen=", ".join(foreign),
            todo=f"A tenant sets {', '.join(sorted(TENANT_SETTINGS))}.",
        )
    try:
        changed = Settings(
            **{**settings.model_dump(exclude_unset=True), "home": settings.home, "tenant": tenant, **own}
        )
    except ValidationError as error:
        problems = [f"{each['loc'][0]}: {each['msg']}" for each in error.errors()]
        raise SettingsError(
            "A setting of the tenant is wrong.", seen="; ".join(problems), todo="See docs/settings.md."
        ) from error
    return changed
