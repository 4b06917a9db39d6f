"""keys and users: made, listed, ended; and the commands of docs/access.md run."""

import io
import re
import shlex
from pathlib import Path

import pytest

from holdfast.access.keys import accepted_key
from holdfast.access.links import redeem
from holdfast.access.sign_in import sign_in
from holdfast.errors import HoldfastError
from holdfast.store.database import Database
from holdfast.workflows.clock import now
from tests.cli.command import Command

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
EXAMPLES = re.findall(r"^\$ (?:.*\| )?holdfast (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
ANN = "ann@example.com"


def records(holdfast: Command) -> Database:
    return Database.open(None, home=holdfast.home)


def opens(holdfast: Command, key: str) -> bool:
    with records(holdfast).begin() as session:
        try:
            accepted_key(session, key, now=now())
        except HoldfastError:
            return False
        return True


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_key_is_printed_once_and_opens(holdfast: Command) -> None:
    made = holdfast("keys", "create", "--tenant", "tea", "--role", "admin", "--days", 30, "--name", "till").json
    assert (made["tenant"], made["role"], made["name"]) == ("tea", "admin", "till")
    assert opens(holdfast, made["key"])
    listed = holdfast("keys", "list", "--tenant", "tea")
    assert [each["id"] for each in listed.json["items"]] == [made["id"]]
    assert made["key"] not in listed.out
    assert made["key"] not in holdfast("keys", "list", "--tenant", "tea", as_json=False).out


def test_without_json_the_key_stands_in_a_line_of_its_own(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    first, *rest = holdfast("keys", "create", "--role", "viewer", as_json=False).out.splitlines()
    assert opens(holdfast, first)
    assert "not shown again" in " ".join(" ".join(rest).split())


def test_rotated_and_revoked(holdfast: Command) -> None:
    old = holdfast("keys", "create", "--role", "viewer").json
    new = holdfast("keys", "rotate", old["id"], "--overlap", 1).json
    assert opens(holdfast, old["key"])
    assert opens(holdfast, new["key"])
    assert holdfast("keys", "revoke", new["id"]).json["revoked_at"]
    assert not opens(holdfast, new["key"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("keys", "create", "--role", "king"), "king"),
        (("keys", "create"), "--role"),
        (("keys", "create", "--role", "admin", "--tenant", "../x"), "tenant"),
        (("keys", "create", "--role", "admin", "--days", "0"), "days"),
        (("keys", "list", "--tenant", "nobodys"), "nobodys"),
        (("keys", "revoke", "key_none", "--tenant", "nobodys"), "nobodys"),
        (("users", "create", "ann"), "e-mail"),
        (("users", "link", "nobody@example.com"), "nobody@example.com"),
        (("users", "disable", "nobody@example.com"), "nobody@example.com"),
    ],
)
def test_what_is_refused(holdfast: Command, arguments: tuple[str, ...], says: str) -> None:
    ran = holdfast(*arguments)
    assert ran.code == 2
    assert says in ran.err


def test_a_person_comes_in_by_link_and_by_password(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    made = holdfast("users", "create", ANN, "--tenant", "tea", "--role", "admin", "--name", "Ann").json
    link = holdfast("users", "link", ANN).json
    database = records(holdfast)
    with database.begin() as session:
        assert redeem(session, link["path"].partition("token=")[2], now=now()).id == made["id"]
    typed(monkeypatch, "a long password\n")
    holdfast("users", "password", ANN, "--password-stdin")
    assert sign_in(database, email=ANN, password="a long password", now=now(), hours=1)
    holdfast("users", "disable", ANN)
    with pytest.raises(HoldfastError):
        sign_in(database, email=ANN, password="a long password", now=now(), hours=1)
    holdfast("users", "enable", ANN)
    assert sign_in(database, email=ANN, password="a long password", now=now(), hours=1)


def test_a_link_stands_in_a_line_of_its_own(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    holdfast("users", "create", ANN)
    assert re.match(
        r"http://127\.0\.0\.1:8000/sign-in\?token=hl_\S{43}\n", holdfast("users", "link", ANN, as_json=False).out
    )


def test_people_are_listed_with_what_they_may_where(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert holdfast("users", "list").json == {"items": []}
    for tenant, role in (("tea", "admin"), ("coffee", "viewer"), ("tea", "analyst")):
        holdfast("users", "create", ANN, "--tenant", tenant, "--role", role)
    typed(monkeypatch, "a long password\n")
    holdfast("users", "create", "op@example.com", "--role", "operator", "--password-stdin")
    ann, operator = holdfast("users", "list").json["items"]
    assert ann["roles"] == {"coffee": "viewer", "tea": "analyst"}
    assert (ann["operator"], ann["has_password"]) == (False, False)
    assert (operator["operator"], operator["has_password"], operator["roles"]) == (True, True, {})
    shown = holdfast("users", "list", as_json=False).out
    assert "viewer of coffee, analyst of tea" in shown
    assert "argon2" not in shown


@pytest.mark.parametrize("text", ["", "\n", "short\n"])
def test_what_is_no_password(holdfast: Command, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    holdfast("users", "create", ANN)
    typed(monkeypatch, text)
    assert holdfast("users", "password", ANN, "--password-stdin").code == 2


def test_the_commands_of_the_page_run_in_their_order(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(EXAMPLES) == 10
    key = None
    for example in EXAMPLES:
        typed(monkeypatch, "a long password\n")
        arguments = [key if word == "ID" else word for word in shlex.split(example)]
        ran = holdfast(*arguments)
        assert ran.code == 0, ran.err
        key = ran.json["id"] if arguments[:2] in (["keys", "create"], ["keys", "rotate"]) else key
