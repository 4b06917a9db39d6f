"""The command line: `holdfast COMMAND`. What a command needs is imported when it runs, so that help is quick."""

import sys

import click
import typer

from holdfast.cli import answers, data, people
from holdfast.cli.output import print_problem
from holdfast.errors import HoldfastError, InputError

app = typer.Typer(
    name="holdfast",
    help="Self-hosted customer retention: who is about to leave, what that is worth, what to do.",
    no_args_is_help=True,
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
app.command()(data.export)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 refused with one problem on stderr, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        sys.exit(app(args=given, prog_name="holdfast", standalone_mode=False) or 0)
    except HoldfastError as error:
        print_problem(error, as_json="--json" in given)
    except click.UsageError as error:
        print_problem(_usage_problem(error), as_json="--json" in given)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("Interrupted; nothing was changed.\n")
        sys.exit(130)
    sys.exit(2)


def _usage_problem(error: click.UsageError) -> InputError:
    command = error.ctx.command_path if error.ctx else "holdfast"
    return InputError("The command was not understood.", seen=error.format_message(), todo=f"See `{command} --help`.")
