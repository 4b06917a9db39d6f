"""Commands about people who sign in on the page: users create, password, link, disable, enable, list."""

import sys
from typing import Annotated

import typer

from holdfast.access.caller import Role
from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, say
from holdfast.errors import InputError

users_app = typer.Typer(help="People who sign in on the page.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL")]
PasswordOnInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, as one line.")
]


@users_app.command()
def create(
    email: Email,
    role: Annotated[Role, typer.Option(help="What they may do in the shop; operator: in all shops.")] = Role.ANALYST,
    name: Annotated[str, typer.Option(help="What to call them.")] = "",
    password_stdin: PasswordOnInput = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Make a person a member of a shop; somebody who is known already gets the role. The shop is made if need be.

    Without a password they sign in by a link: `holdfast users link`.
    """
    from holdfast.access.members import add_member
    from holdfast.access.users import create_user, set_password, user_by_email
    from holdfast.cli.records import changing, noted
    from holdfast.workflows.clock import now

    password = _password() if password_stdin else None
    with changing(home, tenant, make_tenant=True) as (session, caller):
        user = user_by_email(session, email) or create_user(session, email=email, name=name, now=now())
        if role is Role.OPERATOR:
            user.operator = True
        else:
            add_member(session, user, tenant=caller.tenant, role=role)
        if password is not None:
            set_password(session, user, password)
        noted(session, caller, "create user", user.id, role=role.value)
    place = "all shops" if role is Role.OPERATOR else caller.tenant
    made = {"id": user.id, "email": user.email, "tenant": caller.tenant, "role": role}
    print_json(made) if as_json else say(f"{user.email} is {role} of {place}.")


@users_app.command()
def password(
    email: Email, password_stdin: PasswordOnInput = False, as_json: options.Json = False, home: options.Home = None
) -> None:
    """Give a person another password; they are signed out everywhere."""
    from holdfast.access.users import set_password
    from holdfast.cli.records import changing_user

    chosen = _password() if password_stdin else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with changing_user(home, email, "change password") as (session, user):
        set_password(session, user, chosen)
    print_json({"id": user.id, "email": user.email}) if as_json else say(f"{user.email} has another password.")


@users_app.command()
def link(
    email: Email,
    minutes: Annotated[int, typer.Option(min=1, max=43_200, help="How long it works.")] = 15,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Make a link that signs a person in, once."""
    from holdfast.access.links import create_link
    from holdfast.cli.records import changing_user, settings_of
    from holdfast.workflows.clock import now

    with changing_user(home, email, "create link") as (session, user):
        token = create_link(session, user_id=user.id, now=now(), minutes=minutes)
    settings, path = settings_of(home, None), f"/sign-in?token={token}"
    address = f"http://{settings.host}:{settings.port}{path}"
    if as_json:
        print_json({"email": user.email, "link": address, "path": path, "minutes": minutes})
        return
    typer.echo(address)  # in one line, however long, so that it can be copied
    say(f"It signs {user.email} in once, within {minutes} minutes. Behind another name, put that in front of /sign-in.")


@users_app.command()
def disable(email: Email, as_json: options.Json = False, home: options.Home = None) -> None:
    """Shut a person out of all shops, at once."""
    from holdfast.access import users
    from holdfast.cli.records import changing_user
    from holdfast.workflows.clock import now

    with changing_user(home, email, "disable user") as (session, user):
        users.disable(session, user, now=now())
    print_json({"id": user.id, "email": user.email}) if as_json else say(f"{user.email} cannot sign in any more.")


@users_app.command()
def enable(email: Email, as_json: options.Json = False, home: options.Home = None) -> None:
    """Let a person in again."""
    from holdfast.access import users
    from holdfast.cli.records import changing_user

    with changing_user(home, email, "enable user") as (_, user):
        users.enable(user)
    print_json({"id": user.id, "email": user.email}) if as_json else say(f"{user.email} can sign in again.")


@users_app.command(name="list")
def list_(as_json: options.Json = False, home: options.Home = None) -> None:
    """List the people of all shops, with what they may do where."""
    from holdfast.access.roles import memberships_of
    from holdfast.access.users import list_users
    from holdfast.cli.records import settings_of, transaction

    with transaction(settings_of(home, None)) as session:
        found = [(user, memberships_of(session, user)) for user in list_users(session)]
    if as_json:
        items = [
            {
                "id": user.id, "email": user.email, "name": user.name, "operator": user.operator,
                "has_password": user.password_hash is not None, "created_at": user.created_at,
                "disabled_at": user.disabled_at, "roles": roles,
            }
            for user, roles in found
        ]  # fmt: skip
        print_json({"items": items})
        return
    rows = [
        (
            user.email,
            "operator of all" if user.operator else ", ".join(f"{role} of {shop}" for shop, role in roles.items()),
            "yes" if user.password_hash is not None else "no, by link",
            user.disabled_at,
        )
        for user, roles in found
    ]
    print_rows("People", ("e-mail", "may", "password", "disabled"), rows)


def _password() -> str:
    """One line of standard input, so that no password stands in the history of a shell."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InputError("No password was given.", seen="Standard input was empty.", todo="Pipe one line into it.")
    return line
