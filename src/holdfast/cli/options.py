"""Options that several commands share, each defined once."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
Home = Annotated[Path | None, typer.Option(help="Folder that holds all shops (or HOLDFAST_HOME).")]
Tenant = Annotated[str | None, typer.Option(help="Which shop (or HOLDFAST_TENANT).")]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Look from this day; known is every day before it. [proposed by data]"),
]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a .csv or .parquet file.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="In CSV, no apostrophe before texts that a spreadsheet would take for formulas.")
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, folders or zips of tables.")]
Map = Annotated[
    list[str] | None, typer.Option("--map", metavar="OURS=THEIRS", help="Read our field from this column; repeatable.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="JSON or YAML: our field -> column of the file.")
]
Preset = Annotated[str | None, typer.Option(help="Read the file as this known export, see docs/sources.md.")]
Currency = Annotated[str | None, typer.Option(metavar="CODE", help="Currency of the amounts, such as EUR.")]
DateOrder = Annotated[str | None, typer.Option(metavar="dmy|mdy|ymd", help="How 3/4/2024 is meant.")]
Decimal = Annotated[str | None, typer.Option(metavar="point|comma", help="How 1,234 is meant.")]
Rates = Annotated[
    Path | None, typer.Option(metavar="FILE", help="JSON or YAML: currency -> rate into the shop's (which is 1).")
]
PolicyName = Annotated[
    str | None, typer.Option("--policy", metavar="NAME|FILE", help="default, simple, none, or a policy file.")
]
Rule = Annotated[
    list[str] | None,
    typer.Option("--rule", metavar="NAME=VALUE", help="Change one rule of the policy, such as free_goods=keep."),
]
