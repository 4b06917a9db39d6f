"""Commands about all shops at once: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, progress_bar, say


def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="A .tar or .tar.gz file, outside the home folder.")],
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Write records and files of all shops into one archive; servers and workers may go on meanwhile."""
    from holdfast.settings import Settings
    from holdfast.workflows.backup import write_backup

    with progress_bar(hidden=as_json) as progress:
        report = write_backup(Settings.load({"home": home}), out, progress=progress)
    if as_json:
        print_json(report)
        return
    say(f"{report.files:,} files of {len(report.tenants)} shops are in {out}, {report.bytes / 1e6:,.1f} MB.")
    say("It holds everything, also what opens the server: keep it where secrets are kept.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="From `holdfast backup`.")],
    force: Annotated[bool, typer.Option("--force", help="Replace all that the home folder holds.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Put a backup into an empty home. Customers who were erased since stay erased, as far as the home knows."""
    from holdfast.settings import Settings
    from holdfast.workflows.restoring import restore as restore_backup

    with progress_bar(hidden=as_json) as progress:
        report = restore_backup(Settings.load({"home": home}), file, force=force, progress=progress)
    if as_json:
        print_json(report)
        return
    say(f"{len(report.tenants)} shops are as they were at {report.created_at}.")
    if report.erased_again:
        say(f"{report.erased_again:,} customers who were erased since then were erased again.")
    if report.jobs_queued_anew:
        say(f"{report.jobs_queued_anew:,} jobs that were under way begin anew with the next worker.")
