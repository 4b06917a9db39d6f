"""The command line: `holdfast COMMAND`. What a command needs is imported when it runs, so that help is quick."""

import sys

import typer

from holdfast.cli import (
    actions,
    answers,
    backup,
    data,
    forecasts,
    keys,
    lists,
    models,
    people,
    personal_data,
    recommendations,
    serve,
    users,
    vouchers,
    webhook,
)
from holdfast.cli.output import print_problem
from holdfast.errors import HoldfastError, InputError, StoreError

app = typer.Typer(
    name="holdfast",
    help="Self-hosted customer retention: who is about to leave, what that is worth, what to do.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(answers.demo)
app.command()(answers.run)
app.command()(data.inspect)
app.command(name="import")(data.import_)
app.add_typer(data.imports_app, name="imports")
app.command()(data.rejects)
app.command()(answers.answer)
app.command()(people.customers)
app.command()(people.customer)
app.command()(people.segments)
app.command()(people.features)
app.command()(forecasts.train)
app.command()(forecasts.score)
app.command()(forecasts.backtest)
app.command()(forecasts.reasons)
app.command()(forecasts.churn)
app.add_typer(models.model_app, name="model")
app.command()(forecasts.forecast)
app.command()(actions.actions)
app.add_typer(actions.playbook_app, name="playbook")
app.add_typer(lists.lists_app, name="lists")
app.add_typer(webhook.webhook_app, name="webhook")
app.command()(recommendations.recommend)
app.command()(data.export)
app.add_typer(vouchers.vouchers_app, name="vouchers")
app.command()(serve.serve)
app.command()(serve.worker)
app.add_typer(keys.keys_app, name="keys")
app.add_typer(users.users_app, name="users")
app.command(name="personal-data")(personal_data.personal_data)
app.command()(personal_data.erase)
app.command()(backup.backup)
app.command()(backup.restore)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 refused with one problem on stderr, 130 interrupted."""
    given = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    as_json = "--json" in given
    try:
        sys.exit(app(args=given, prog_name="holdfast", standalone_mode=False) or 0)
    except HoldfastError as error:
        print_problem(error, as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write("Interrupted; nothing was changed.\n")
        sys.exit(130)
    except typer.TyperException as error:
        print_problem(_misunderstood(error, given[0]), as_json=as_json)
    except OSError as error:
        print_problem(StoreError.of_system(error), as_json=as_json)
    sys.exit(2)


def _misunderstood(error: typer.TyperException, command: str) -> InputError:
    """A wrong option or a missing argument, in our words."""
    of = "" if command.startswith("-") else f" {command}"
    return InputError(
        "The command was not understood.", seen=error.format_message(), todo=f"See `holdfast{of} --help`."
    )
