"""Sessions, passwords and links: who gets in, for how long, and what shuts them out."""

from datetime import timedelta
from threading import Thread
from typing import Literal

import pytest
import sqlalchemy as sa
from argon2 import Parameters, PasswordHasher, extract_parameters
from sqlalchemy.orm import Session

from holdfast.access import passwords
from holdfast.access.caller import NotSignedInError
from holdfast.access.links import create_link, redeem
from holdfast.access.sessions import csrf_token, end_session, is_csrf_token, open_session, signed_in
from holdfast.access.sign_in import sign_in
from holdfast.access.users import create_user, disable, enable, forget, needed_user, normal_email, set_password
from holdfast.errors import InputError, NotFoundError
from holdfast.store.database import Database
from holdfast.store.records import SignInLink, User, WebSession
from tests.access.conftest import NOW

PASSWORD = "correct horse battery"
ANN = "ann@example.com"


@pytest.fixture
def ann(database: Database) -> User:
    with database.begin() as session:
        return create_user(session, email=ANN, password=PASSWORD, now=NOW)


def opened(database: Database, user: User, hours: int = 12) -> str:
    with database.begin() as session:
        return open_session(session, user, now=NOW, hours=hours)


def is_in(database: Database, token: str, **later: float) -> bool:
    with database.begin() as session:
        try:
            signed_in(session, token, now=NOW + timedelta(**later))
        except NotSignedInError:
            return False
        return True


def test_a_session_lasts_as_long_as_it_should(database: Database, ann: User) -> None:
    token = opened(database, ann)
    assert is_in(database, token, hours=11, minutes=59)
    assert not is_in(database, token, hours=12)
    assert not is_in(database, token + "x")
    assert not is_in(database, "")


def test_the_cookie_is_kept_nowhere(session: Session) -> None:
    user = create_user(session, email=ANN, now=NOW)
    token = open_session(session, user, now=NOW, hours=1)
    session.flush()
    assert token not in str(session.execute(sa.select(WebSession.__table__)).all())


def test_signing_out_ends_this_session_only(database: Database, ann: User) -> None:
    here, there = opened(database, ann), opened(database, ann)
    with database.begin() as session:
        end_session(session, here)
    assert not is_in(database, here)
    assert is_in(database, there)


@pytest.mark.parametrize("how", ["password", "disabled", "forgotten"])
def test_what_shuts_a_person_out(database: Database, ann: User, how: str) -> None:
    tokens = [opened(database, ann), opened(database, ann)]
    with database.begin() as session:
        link = create_link(session, user_id=ann.id, now=NOW)
        user = session.get_one(User, ann.id)
        if how == "password":
            set_password(session, user, "another long password")
        elif how == "disabled":
            disable(session, user, now=NOW)
        else:
            forget(session, user)
    assert [is_in(database, token) for token in tokens] == [False, False]
    with database.begin() as session, pytest.raises(NotSignedInError):
        redeem(session, link, now=NOW)


def test_a_disabled_person_comes_in_by_no_door_until_enabled(database: Database, ann: User) -> None:
    with database.begin() as session:
        disable(session, session.get_one(User, ann.id), now=NOW)
    with pytest.raises(NotSignedInError):
        sign_in(database, email=ANN, password=PASSWORD, now=NOW, hours=1)
    with database.begin() as session:
        link = create_link(session, user_id=ann.id, now=NOW)
    with database.begin() as session, pytest.raises(NotSignedInError):
        redeem(session, link, now=NOW)
    with database.begin() as session:
        enable(session.get_one(User, ann.id))
    assert sign_in(database, email=ANN, password=PASSWORD, now=NOW, hours=1)


def test_sessions_that_are_over_are_swept_away(session: Session) -> None:
    user = create_user(session, email=ANN, now=NOW)
    open_session(session, user, now=NOW, hours=1)
    open_session(session, user, now=NOW + timedelta(hours=2), hours=1)
    assert session.scalar(sa.select(sa.func.count()).select_from(WebSession)) == 1


def test_signing_in_takes_the_right_password(database: Database, ann: User) -> None:
    user, token = sign_in(database, email=" Ann@Example.COM ", password=PASSWORD, now=NOW, hours=1)
    assert user.id == ann.id
    assert is_in(database, token)
    with pytest.raises(NotSignedInError):
        sign_in(database, email=ANN, password=PASSWORD + " ", now=NOW, hours=1)


def test_who_does_not_exist_is_refused_in_the_same_words_after_the_same_work(
    database: Database, ann: User, quick_passwords: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.begin() as session:
        create_user(session, email="link-only@example.com", now=NOW)
        shut_out = create_user(session, email="disabled@example.com", password=PASSWORD, now=NOW)
        disable(session, shut_out, now=NOW)
    worked: list[Parameters] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            worked.append(extract_parameters(str(hash)))
            return quick_passwords.verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    words = set()
    for email in (ANN, "nobody@example.com", "link-only@example.com", "disabled@example.com"):
        with pytest.raises(NotSignedInError) as refusal:
            sign_in(database, email=email, password="a wrong password", now=NOW, hours=1)
        words.add(str(refusal.value))
    assert len(words) == 1
    assert len(worked) == 4


def test_nobodys_hash_takes_as_much_work_as_anybodys(quick_passwords: PasswordHasher) -> None:
    assert extract_parameters(passwords._nobodys()) == extract_parameters(passwords.hash_password(PASSWORD))


def test_weaker_hashes_are_made_anew(database: Database, ann: User) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.begin() as session:
        session.get_one(User, ann.id).password_hash = weak
    assert passwords.outdated(weak)
    sign_in(database, email=ANN, password=PASSWORD, now=NOW, hours=1)
    with database.begin() as session:
        stored = session.get_one(User, ann.id).password_hash
    assert stored is not None
    assert stored != weak
    assert not passwords.outdated(stored)
    assert sign_in(database, email=ANN, password=PASSWORD, now=NOW, hours=1)


@pytest.mark.parametrize("password", ["", "too short", "x" * 1001])
def test_what_is_no_password(password: str) -> None:
    with pytest.raises(InputError, match="cannot be a password"):
        passwords.hash_password(password)


def test_nobody_has_a_password_where_none_is_stored() -> None:
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "no hash")


@pytest.mark.parametrize("text", ["", "ann", "ann@", "@example.com", "a b@example.com", "ann@exa\x00mple.com"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InputError, match="no e-mail address"):
        normal_email(text)


def test_an_address_belongs_to_one_person(session: Session) -> None:
    user = create_user(session, email="Ann@Example.com", now=NOW)
    assert needed_user(session, ANN) is user
    with pytest.raises(InputError, match="such a person already"):
        create_user(session, email=ANN, now=NOW)
    with pytest.raises(NotFoundError):
        needed_user(session, "bob@example.com")


def test_a_link_signs_in_once(database: Database, ann: User) -> None:
    with database.begin() as session:
        token = create_link(session, user_id=ann.id, now=NOW, minutes=15)
    with database.begin() as session:
        assert redeem(session, token, now=NOW + timedelta(minutes=14)).id == ann.id
    with database.begin() as session, pytest.raises(NotSignedInError, match="not accepted"):
        redeem(session, token, now=NOW + timedelta(minutes=14))


def test_a_link_ends(database: Database, ann: User) -> None:
    with database.begin() as session:
        token = create_link(session, user_id=ann.id, now=NOW, minutes=15)
        assert token not in str(session.execute(sa.select(SignInLink.__table__)).all())
    with database.begin() as session, pytest.raises(NotSignedInError):
        redeem(session, token, now=NOW + timedelta(minutes=15))
    with database.begin() as session:
        create_link(session, user_id=ann.id, now=NOW + timedelta(minutes=15))
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInLink)) == 1


def test_of_many_who_use_a_link_at_once_one_gets_in(database: Database, ann: User) -> None:
    with database.begin() as session:
        token = create_link(session, user_id=ann.id, now=NOW)
    outcomes: list[bool] = []

    def attempt() -> None:
        with database.begin() as session:
            try:
                redeem(session, token, now=NOW)
            except NotSignedInError:
                outcomes.append(False)
            else:
                outcomes.append(True)

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]


def test_the_csrf_token_belongs_to_one_cookie() -> None:
    assert is_csrf_token("hs_one", csrf_token("hs_one"))
    assert not is_csrf_token("hs_two", csrf_token("hs_one"))
    assert not is_csrf_token("hs_one", "")
    assert not is_csrf_token("hs_one", "ü")
    assert "hs_one" not in csrf_token("hs_one")
