"""People of a tenant: nobody reaches into a tenant that is not theirs by inviting, linking or changing roles."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import Caller, NotAllowedError, NotSignedInError, Role
from holdfast.access.links import redeem
from holdfast.access.members import (
    add_member,
    change_role,
    find_member,
    invite,
    list_members,
    remove,
    renewed_link,
)
from holdfast.access.roles import caller_of_key, caller_of_user, roles_of, visible_tenants
from holdfast.access.users import create_user, local_operator
from holdfast.errors import InputError, NotFoundError
from holdfast.store.records import User
from tests.access.conftest import NOW

TEA = Caller("tea", Role.ADMIN, "key:tea")
COFFEE = Caller("coffee", Role.ADMIN, "key:coffee")
OPERATOR = Caller("coffee", Role.OPERATOR, "user:op")
ANN = "ann@example.com"


def invited(session: Session, caller: Caller = TEA, email: str = ANN, role: Role = Role.ANALYST) -> tuple[User, str]:
    (user, _), link = invite(session, caller, email=email, name="", role=role, now=NOW)
    assert link is not None
    return user, link


def test_a_new_person_comes_in_by_the_link_and_into_this_tenant(session: Session) -> None:
    user, link = invited(session)
    assert redeem(session, link, now=NOW) is user
    assert roles_of(session, user) == {"tea": Role.ANALYST}
    assert caller_of_user(session, user, wanted=None) == Caller("tea", Role.ANALYST, f"user:{user.id}")


def test_an_admin_neither_adds_nor_gets_a_link_for_somebody_of_another_tenant(session: Session) -> None:
    user, _ = invited(session)
    with pytest.raises(NotAllowedError, match="added by an operator"):
        invite(session, COFFEE, email=ANN, name="", role=Role.VIEWER, now=NOW)
    assert roles_of(session, user) == {"tea": Role.ANALYST}
    (added, _), link = invite(session, OPERATOR, email=ANN, name="", role=Role.VIEWER, now=NOW)
    assert (added, link) == (user, None)
    assert roles_of(session, user) == {"coffee": Role.VIEWER, "tea": Role.ANALYST}


def test_links_of_another_tenant_are_void_once_somebody_belongs_here_too(session: Session) -> None:
    user, link = invited(session)
    invite(session, OPERATOR, email=ANN, name="", role=Role.ADMIN, now=NOW)
    with pytest.raises(NotSignedInError):
        redeem(session, link, now=NOW)
    with pytest.raises(NotAllowedError, match="made by an operator"):
        renewed_link(session, TEA, user.id, now=NOW)
    assert redeem(session, renewed_link(session, OPERATOR, user.id, now=NOW), now=NOW) is user


def test_a_link_is_renewed_for_who_has_no_password(session: Session) -> None:
    user, _ = invited(session)
    assert redeem(session, renewed_link(session, TEA, user.id, now=NOW), now=NOW) is user
    user.password_hash = "set"
    with pytest.raises(NotAllowedError):
        renewed_link(session, TEA, user.id, now=NOW)
    with pytest.raises(NotFoundError):
        renewed_link(session, COFFEE, user.id, now=NOW)


def test_nobody_becomes_operator_of_one_tenant(session: Session) -> None:
    user, _ = invited(session)
    for give in (
        lambda: invite(session, OPERATOR, email="b@example.com", name="", role=Role.OPERATOR, now=NOW),
        lambda: change_role(session, tenant="tea", user_id=user.id, role=Role.OPERATOR),
        lambda: add_member(session, user, tenant="tea", role=Role.OPERATOR),
    ):
        with pytest.raises(InputError, match="Nobody is an operator"):
            give()


def test_a_role_is_changed_here_and_nowhere_else(session: Session) -> None:
    user, _ = invited(session)
    add_member(session, user, tenant="coffee", role=Role.VIEWER)
    change_role(session, tenant="tea", user_id=user.id, role=Role.ADMIN)
    session.flush()
    assert roles_of(session, user) == {"coffee": Role.VIEWER, "tea": Role.ADMIN}


def test_members_of_another_tenant_are_unknown(session: Session) -> None:
    user, _ = invited(session)
    assert list_members(session, "coffee") == []
    for touch in (
        lambda: find_member(session, "coffee", user.id),
        lambda: change_role(session, tenant="coffee", user_id=user.id, role=Role.ADMIN),
        lambda: remove(session, tenant="coffee", user_id=user.id),
    ):
        with pytest.raises(NotFoundError):
            touch()


def test_who_belongs_nowhere_any_more_is_forgotten(session: Session) -> None:
    user, _ = invited(session)
    add_member(session, user, tenant="coffee", role=Role.VIEWER)
    session.flush()
    remove(session, tenant="tea", user_id=user.id)
    assert roles_of(session, user) == {"coffee": Role.VIEWER}
    remove(session, tenant="coffee", user_id=user.id)
    assert session.scalar(sa.select(User).where(User.email == ANN)) is None


def test_twice_invited_is_said(session: Session) -> None:
    invited(session)
    with pytest.raises(InputError, match="a member already"):
        invite(session, TEA, email=ANN.upper(), name="", role=Role.VIEWER, now=NOW)


def test_a_person_chooses_among_their_tenants(session: Session) -> None:
    user, _ = invited(session)
    add_member(session, user, tenant="coffee", role=Role.ADMIN)
    session.flush()
    assert caller_of_user(session, user, wanted=None).tenant == "coffee"
    assert caller_of_user(session, user, wanted="tea").role is Role.ANALYST
    for wanted in ("other", "", "TEA"):
        with pytest.raises(NotAllowedError, match="not one of your tenants"):
            caller_of_user(session, user, wanted=wanted)


def test_who_belongs_to_no_tenant_may_do_nothing(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="no tenant"):
        caller_of_user(session, create_user(session, email=ANN, now=NOW), wanted=None)


def test_the_local_operator_is_made_once_and_acts_everywhere(session: Session) -> None:
    operator = local_operator(session, now=NOW)
    assert local_operator(session, now=NOW) is operator
    assert roles_of(session, operator) == {"coffee": Role.OPERATOR, "tea": Role.OPERATOR}
    caller = caller_of_user(session, operator, wanted="tea")
    assert [each.name for each in visible_tenants(session, caller)] == ["coffee", "tea"]


def test_a_key_acts_in_its_tenant_and_an_operators_in_any_that_there_is(session: Session) -> None:
    def acts(role: Role, wanted: str | None) -> str:
        return caller_of_key(session, tenant="tea", role=role, key_id="k", wanted=wanted).tenant

    assert [acts(Role.ADMIN, None), acts(Role.ADMIN, "tea")] == ["tea", "tea"]
    assert [acts(Role.OPERATOR, None), acts(Role.OPERATOR, "coffee")] == ["tea", "coffee"]
    for role, wanted in ((Role.ADMIN, "coffee"), (Role.OPERATOR, "other")):
        with pytest.raises(NotAllowedError):
            acts(role, wanted)


def test_what_one_may_see(session: Session) -> None:
    user, _ = invited(session)
    add_member(session, user, tenant="coffee", role=Role.ADMIN)
    session.flush()

    def seen(caller: Caller) -> list[str]:
        return [each.name for each in visible_tenants(session, caller)]

    assert seen(TEA) == ["tea"]
    assert seen(caller_of_user(session, user, wanted="tea")) == ["coffee", "tea"]
    assert seen(OPERATOR) == ["coffee", "tea"]
