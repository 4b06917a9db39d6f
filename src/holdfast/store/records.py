"""The records, one class a table. Every one but users, sessions and workers belongs to a tenant.

Large things (files, data sets, models, predictions) are not here: records name them.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite knows no time zones, so none is stored, and UTC is put back on reading."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """On the way in."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """On the way out."""
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """What SQLAlchemy needs to know of our types."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: sa.JSON, list[Any]: sa.JSON, str: sa.Text}  # noqa: RUF012


def new_id(kind: str) -> str:
    """An identifier nobody can guess, such as `job_3f2a...`."""
    return f"{kind}_{secrets.token_hex(10)}"


def _tenant() -> Mapped[str]:
    return mapped_column(sa.ForeignKey("tenants.name"), index=True)


class Tenant(Base):
    """A shop. `settings` are those of docs/settings.md that differ from the server's own."""

    __tablename__ = "tenants"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class ApiKey(Base):
    """A key of a program; only its SHA-256 is kept, and its first letters for people to tell keys apart."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    name: Mapped[str]
    role: Mapped[str]
    prefix: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class User(Base):
    """A person, who may belong to several tenants. Without a password only a sign-in link lets them in.

    An operator needs no memberships: they are an admin of every tenant, also of those that come later.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    operator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Membership(Base):
    """What a person may do in a tenant."""

    __tablename__ = "memberships"

    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"), primary_key=True)
    role: Mapped[str]


class WebSession(Base):
    """A sign-in on the page, by the SHA-256 of its cookie."""

    __tablename__ = "web_sessions"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInLink(Base):
    """A link that signs a person in once."""

    __tablename__ = "sign_in_links"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to which thing, and when. Entries are only ever added."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    tenant: Mapped[str] = _tenant()
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str] = mapped_column(default="")


class Upload(Base):
    """Files on their way into the shop: received, inspected, then imported by a job, or waiting for a mapping.

    Its id is that of the import it becomes. `files` are `{name, size, sha256}`, `origin` is the address they came from,
    `how` the reading that was asked for, `inspection` what was found, `report` the ledger afterwards.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    state: Mapped[str]
    files: Mapped[list[Any]]
    origin: Mapped[str | None]
    how: Mapped[dict[str, Any]] = mapped_column(default=dict)
    policy: Mapped[str | None]
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    train: Mapped[bool] = mapped_column(default=False)
    inspection: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    job_id: Mapped[str | None]


class Job(Base):
    """Work that goes on in the background.

    `attempt` grows when it is queued anew, and outdates earlier tickets; `worker` is the process that has it now, and
    the only one that may write to it; `stop_asked` is a wish that the worker grants at its next chance.
    """

    __tablename__ = "jobs"
    __table_args__ = (sa.Index("jobs_of_a_tenant", "tenant", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"))
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=5)
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    progress: Mapped[float] = mapped_column(default=0.0)
    step: Mapped[str] = mapped_column(default="")
    worker: Mapped[str | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Prediction(Base):
    """A table of forecasts that a batch job wrote; the file lies in the shop's folder under its id."""

    __tablename__ = "predictions"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    name: Mapped[str]
    model: Mapped[str]
    dataset: Mapped[str]
    as_of: Mapped[str]
    horizon: Mapped[int]
    customers: Mapped[int]
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    job_id: Mapped[str]


class ModelEvent(Base):
    """What happened to a model: trained, made the default, rolled back, deleted. Only ever added."""

    __tablename__ = "model_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    at: Mapped[datetime]
    actor: Mapped[str]
    model: Mapped[str]
    event: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class VoucherOffer(Base):
    """A voucher that a customer was offered, or on purpose none (amount 0), and what came of it.

    Money in cents, so that the database adds it up exactly. `explored`: the amount was drawn at random. Without an
    outcome `outcome_at` is NULL; `margin` is that of what was bought, before the voucher.
    """

    __tablename__ = "voucher_offers"
    __table_args__ = (
        sa.Index("voucher_offers_of_a_customer", "tenant", "customer_id"),
        sa.Index("voucher_offers_of_a_day", "tenant", "as_of"),
        sa.Index("voucher_offers_of_a_segment", "tenant", "country", "segment_name", "segment"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"))
    customer_id: Mapped[str]
    country: Mapped[str]
    segment_name: Mapped[str]
    segment: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    label: Mapped[str]
    explored: Mapped[bool]
    probability: Mapped[float]
    as_of: Mapped[str]
    history: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    redeemed: Mapped[bool] = mapped_column(default=False)
    margin: Mapped[int | None] = mapped_column(sa.BigInteger)
    outcome_at: Mapped[datetime | None]


class ActionList(Base):
    """Customers who are to be treated, and those among them who are left alone so that the effect can be measured.

    `state` is draft, approved, exported or closed. `playbook` and the limits are those it was drawn with; `totals` say
    what is expected of the treated. Money as estimated, in the currency of the data set. Orders count towards its
    result from the day `sent_on`.
    """

    __tablename__ = "action_lists"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    name: Mapped[str]
    state: Mapped[str]
    as_of: Mapped[str]
    horizon: Mapped[int]
    dataset: Mapped[str]
    model: Mapped[str]
    currency: Mapped[str | None]
    playbook: Mapped[dict[str, Any]]
    budget: Mapped[float | None]
    contacts: Mapped[int | None]
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    holdout_share: Mapped[float]
    measurable: Mapped[bool]
    sentence: Mapped[str]
    totals: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    exported_at: Mapped[datetime | None]
    sent_on: Mapped[str | None]
    closed_at: Mapped[datetime | None]


class ListEntry(Base):
    """One customer of an action list: what is to be done, or, for a holdout, what would have been.

    `probability` is that with which the customer was held out, written down before anything left the shop.
    """

    __tablename__ = "list_entries"
    __table_args__ = (sa.Index("list_entries_of_a_customer", "tenant", "customer_id"),)

    list_id: Mapped[str] = mapped_column(sa.ForeignKey("action_lists.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"))
    customer_id: Mapped[str]
    play: Mapped[str]
    words: Mapped[dict[str, Any]]
    evidence: Mapped[str]
    is_holdout: Mapped[bool]
    probability: Mapped[float]
    stratum: Mapped[int]
    p_buy: Mapped[float]
    profit: Mapped[float]
    profit_low: Mapped[float]
    profit_high: Mapped[float]
    cost: Mapped[float]


class Webhook(Base):
    """Where a tenant's lists are sent. The secret signs what is sent, so it is kept as it is, not as a hash."""

    __tablename__ = "webhooks"

    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"), primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class Delivery(Base):
    """A part of a list that a webhook took; what is written here is never sent again."""

    __tablename__ = "deliveries"

    list_id: Mapped[str] = mapped_column(sa.ForeignKey("action_lists.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    customers: Mapped[int]
    url: Mapped[str]
    answer: Mapped[int]
    delivered_at: Mapped[datetime]


class Erasure(Base):
    """A customer who was erased. Only a keyed hash of the id is kept, enough to erase again after a restore."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = _tenant()
    customer_hash: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime]
    actor: Mapped[str]
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Answered(Base):
    """The answer to a request that carried an idempotency key, to be given again."""

    __tablename__ = "answered"

    tenant: Mapped[str] = mapped_column(sa.ForeignKey("tenants.name"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class Worker(Base):
    """A process that works on jobs; one that has fallen silent is dead, and another one takes over its jobs."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
