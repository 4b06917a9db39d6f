"""Questions at a terminal, where a file leaves doubts; without a terminal the import refuses and names them."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from holdfast.cli.output import say
from holdfast.sources.mapping import Doubt
from holdfast.workflows.importing import HowToRead, inspect_files
from holdfast.workflows.shop import Shop


def with_answers(shop: Shop, files: Sequence[Path], how: HowToRead, *, may_ask: bool) -> HowToRead:
    """`how` with whatever a person at the terminal decides; as it was where nobody can be asked."""
    if not (may_ask and sys.stdin.isatty() and sys.stdout.isatty()):
        return how
    for doubt in inspect_files(shop, files, how=how).doubts:
        how = _answered(how, doubt)
    return how


def _answered(how: HowToRead, doubt: Doubt) -> HowToRead:
    say(doubt.question, "bold")
    for number, choice in enumerate(doubt.choices, start=1):
        say(f"  {number}  {choice}")
    number = 0
    while not 1 <= number <= len(doubt.choices):
        number = typer.prompt(f"Which one, 1 to {len(doubt.choices)}?", type=int)
    chosen = doubt.choices[number - 1]
    if doubt.todo.startswith("--date-order"):
        return replace(how, date_order=chosen)
    if doubt.todo.startswith("--decimal"):
        return replace(how, decimal=chosen)
    return replace(how, mapping={**(how.mapping or {}), doubt.field: chosen})
