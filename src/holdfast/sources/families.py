"""Tables with the same columns are a family: they share one mapping, one date order and one decimal mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from holdfast.engine import DuckEngine
from holdfast.errors import InputError, MappingError
from holdfast.sources.content import content_of, missing_essentials, proposals_for
from holdfast.sources.inspected import IGNORED, LINES
from holdfast.sources.mapping import Proposal
from holdfast.sources.opened import OpenedTable
from holdfast.sources.presets import PRESETS, Preset, recognise
from holdfast.sources.profile import ColumnProfile, profile
from holdfast.sources.readings import Columns


@dataclass(frozen=True, slots=True)
class Family:
    """Tables with the same columns, bound together: what they hold, the known export they are, and their mapping."""

    tables: tuple[OpenedTable, ...]
    columns: Columns
    preset: Preset | None
    content: str
    proposals: dict[str, Proposal]

    @property
    def profiles(self) -> tuple[ColumnProfile, ...]:
        """The columns in order."""
        return tuple(self.columns.profiles.values())


def families_of(
    tables: Sequence[OpenedTable], engine: DuckEngine, given: Mapping[str, str], preset: str | None
) -> list[Family]:
    """The families of opened tables under a checked mapping. Raises MappingError where the preset does not fit."""
    if not tables:
        raise InputError("There is no table to inspect.", seen="No file was opened.", todo="Name at least one file.")
    wanted = _preset_called(preset)
    grouped: dict[tuple[tuple[str, str], ...], list[OpenedTable]] = {}
    for table in tables:
        engine.bind("inspected", table.path)
        grouped.setdefault(tuple(engine.types("inspected").items()), []).append(table)
    families = [_family(number, group, engine, given, wanted) for number, group in enumerate(grouped.values())]
    if wanted and not any(family.preset for family in families):
        missing = [column for column in wanted.signature if column not in columns_of(tables)]
        raise MappingError(
            f"No table is an export of the preset {wanted.name}.",
            seen=f"Missing: {', '.join(missing) or 'columns that look like it'}.",
            todo="Leave the preset out, or map the columns yourself.",
            details={"columns": missing},
        )
    return _with_ignored(families)


def columns_of(tables: Sequence[OpenedTable]) -> tuple[str, ...]:
    """All column names, once each."""
    return tuple(dict.fromkeys(column for table in tables for column in table.columns))


def _preset_called(name: str | None) -> Preset | None:
    if name is None:
        return None
    known = {preset.name: preset for preset in PRESETS}
    if name not in known:
        raise MappingError(
            f"There is no preset {name!r}.",
            seen=f"There are {', '.join(known)}.",
            todo="Name one of them, or none.",
            details={"columns": []},
        )
    return known[name]


def _family(
    number: int, group: Sequence[OpenedTable], engine: DuckEngine, given: Mapping[str, str], wanted: Preset | None
) -> Family:
    name = f"inspected_{number}"
    engine.bind(name, [table.path for table in group])
    profiles = profile(engine, name)
    semicolons = any(table.facts.get("separator") == "semicolon" for table in group)
    columns = Columns(engine, name, {each.name: each for each in profiles}, semicolons)
    found = recognise(profiles)
    preset = found if wanted is None else wanted if wanted.fits(columns.profiles) or found is wanted else None
    content = LINES if preset else content_of(profiles, given)
    return Family(tuple(group), columns, preset, content, proposals_for(content, profiles, preset, given))


def _with_ignored(families: Sequence[Family]) -> list[Family]:
    """Beside tables that are understood, those that lack most of an order line are something else and are ignored."""
    lacking = {
        id(family): len(missing_essentials(family.proposals)) if family.content == LINES else 0 for family in families
    }
    fewest = min(lacking.values())
    bound = 1 if fewest == 0 else fewest
    return [replace(family, content=IGNORED) if lacking[id(family)] > bound else family for family in families]
