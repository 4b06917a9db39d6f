"""Keys of programs: only their hash is kept, and they end when they should."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import NotSignedInError, Role
from holdfast.access.keys import (
    USED_AGAIN,
    accepted_key,
    create_key,
    find_key,
    list_keys,
    note_use,
    revoke_key,
    rotate_key,
    was_used_lately,
)
from holdfast.errors import InputError, NotFoundError
from holdfast.store.records import ApiKey
from tests.access.conftest import NOW


def made(session: Session, tenant: str = "tea", days: int | None = None) -> tuple[ApiKey, str]:
    return create_key(session, tenant=tenant, role=Role.ANALYST, name="till", by="test", now=NOW, days=days)


def test_a_key_opens_and_its_text_is_kept_nowhere(session: Session) -> None:
    record, token = made(session)
    assert accepted_key(session, token, now=NOW) is record
    assert record.role == "analyst"
    stored = session.execute(sa.select(ApiKey.__table__)).all()
    assert token not in str(stored)
    assert token.startswith(record.prefix)


@pytest.mark.parametrize("text", ["", "hf_", "hf_" + "x" * 43, "schlüssel"])
def test_anything_else_does_not(session: Session, text: str) -> None:
    made(session)
    with pytest.raises(NotSignedInError, match="not accepted"):
        accepted_key(session, text, now=NOW)


def test_a_key_ends_to_the_second(session: Session) -> None:
    _, token = made(session, days=30)
    assert accepted_key(session, token, now=NOW + timedelta(days=30, seconds=-1)).tenant == "tea"
    with pytest.raises(NotSignedInError, match="ended on 2024-07-31"):
        accepted_key(session, token, now=NOW + timedelta(days=30))


def test_a_revoked_key_opens_nothing_and_stays_revoked_at_the_first_time(session: Session) -> None:
    record, token = made(session)
    revoke_key(session, tenant="tea", key_id=record.id, now=NOW)
    revoke_key(session, tenant="tea", key_id=record.id, now=NOW + timedelta(days=1))
    assert record.revoked_at == NOW
    with pytest.raises(NotSignedInError, match="was revoked"):
        accepted_key(session, token, now=NOW)


def test_rotated_both_open_for_the_overlap(session: Session) -> None:
    old, old_token = made(session)
    new, new_token = rotate_key(session, tenant="tea", key_id=old.id, by="test", now=NOW, overlap=timedelta(hours=24))
    assert (new.role, new.name, new.expires_at) == ("analyst", "till", None)
    for moment in (NOW, NOW + timedelta(hours=23, minutes=59)):
        assert accepted_key(session, old_token, now=moment) is old
        assert accepted_key(session, new_token, now=moment) is new
    with pytest.raises(NotSignedInError):
        accepted_key(session, old_token, now=NOW + timedelta(hours=24))


def test_rotating_does_not_lengthen_a_life(session: Session) -> None:
    old, _ = made(session, days=10)
    later = NOW + timedelta(days=9, hours=23)
    new, _ = rotate_key(session, tenant="tea", key_id=old.id, by="test", now=later, overlap=timedelta(days=2))
    assert old.expires_at == NOW + timedelta(days=10)
    assert new.expires_at == later + timedelta(days=10)


@pytest.mark.parametrize("how", ["revoked", "ended"])
def test_a_key_that_has_ended_is_not_rotated(session: Session, how: str) -> None:
    record, _ = made(session, days=1)
    if how == "revoked":
        revoke_key(session, tenant="tea", key_id=record.id, now=NOW)
    with pytest.raises(InputError, match="not rotated"):
        rotate_key(session, tenant="tea", key_id=record.id, by="test", now=NOW + timedelta(days=how == "ended"))


def test_a_tenant_sees_its_own_keys_only(session: Session) -> None:
    tea, _ = made(session)
    coffee, _ = made(session, tenant="coffee")
    assert [each.id for each in list_keys(session, tenant="tea")] == [tea.id]
    for take in (find_key, lambda s, **k: revoke_key(s, now=NOW, **k)):
        with pytest.raises(NotFoundError):
            take(session, tenant="tea", key_id=coffee.id)
    assert coffee.revoked_at is None


def test_use_is_noted_once_a_minute(session: Session) -> None:
    record, _ = made(session)
    assert not was_used_lately(record, now=NOW)
    note_use(session, record.id, now=NOW)
    note_use(session, record.id, now=NOW + USED_AGAIN / 2)
    session.refresh(record)
    assert record.last_used_at == NOW
    assert was_used_lately(record, now=NOW + USED_AGAIN)
    later = NOW + USED_AGAIN + timedelta(seconds=1)
    assert not was_used_lately(record, now=later)
    note_use(session, record.id, now=later)
    session.refresh(record)
    assert record.last_used_at == later
