"""Which column is which of our fields: proposed from its name and its values, with a confidence and a reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from holdfast.errors import MappingError
from holdfast.sources.names import Names
from holdfast.sources.presets import Preset
from holdfast.sources.profile import NUMBERS, ColumnProfile, Look
from holdfast.tables import CUSTOMER_FIELDS, FIELDS, REVIEW_FIELDS, Field, Kind

CONFIDENT = 0.8
"""From here on a proposal is used; a required field below it waits for somebody's decision."""

ALIASES = {"order_datetime": "ordered_at"}
"""Names of our fields in the mapping files of the systems that Holdfast replaces."""

KNOWN = 1.0
"""Said by a person or by a known export; no guess gets there."""

_BOTH_MAY_BE = 0.7
_BY_CONTENT_ALONE = {"ordered_at": 0.6, "customer_id": 0.4, "amount": 0.4}
_PLAUSIBLE = 0.3


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of our fields and the column it is read from (None: none found), how sure, and why.

    `alternatives` are the other columns that could hold it, the likeliest first.
    """

    field: str
    column: str | None
    confidence: float
    reason: str
    alternatives: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether a person or a known export says so, rather than a guess."""
        return self.confidence == KNOWN

    @property
    def is_confident(self) -> bool:
        """Whether the column is taken without asking."""
        return self.column is not None and self.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something only a person can decide: which field or column, the question, and what the answer may be.

    `todo` says how to answer, such as `--map customer_id=...`.
    """

    field: str
    columns: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    todo: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    field: Field
    column: ColumnProfile
    confidence: float
    by_name: bool

    @property
    def reason(self) -> str:
        called = f"called {self.column.name}" if self.by_name else f"{self.column.name} is called nothing we know"
        unfit = "" if _fit(self.field, self.column) > 0.5 else f", which do not look like {_wanted(self.field)}"
        return f"{called}; {self.column.summary}{unfit}"


def propose(
    columns: Sequence[ColumnProfile], fields: Sequence[Field], names: Mapping[str, Names]
) -> dict[str, Proposal]:
    """The best column for each field, each column used once; fields without any candidate are left out."""
    candidates = _candidates(columns, fields, names)
    chosen: dict[str, _Candidate] = {}
    taken: set[str] = set()
    for candidate in candidates:
        if candidate.field.name not in chosen and candidate.column.name not in taken:
            chosen[candidate.field.name] = candidate
            taken.add(candidate.column.name)
    return {field.name: _proposal(chosen[field.name], candidates, taken) for field in fields if field.name in chosen}


def from_preset(preset: Preset, columns: Sequence[ColumnProfile]) -> dict[str, Proposal]:
    """The mapping of a known export: nothing to guess."""
    summaries = {each.name: each.summary for each in columns}
    return {
        field: Proposal(field, column, KNOWN, f"{preset.title}; {summaries[column]}")
        for field, column in preset.columns_in(columns).items()
    }


def with_given(
    proposals: Mapping[str, Proposal], given: Mapping[str, str], columns: Collection[str]
) -> dict[str, Proposal]:
    """Proposals overruled by somebody's mapping, as far as its columns are in this table; "" leaves a field out."""
    overruled = dict(proposals)
    for field, column in given.items():
        if column == "":
            overruled.pop(field, None)
        elif column in columns:
            overruled = {name: each for name, each in overruled.items() if each.column != column or name in given}
            overruled[field] = Proposal(field, column, KNOWN, "as given")
    return overruled


def checked(given: Mapping[str, str], columns: Collection[str]) -> dict[str, str]:
    """A given mapping with aliases resolved.

    Raises MappingError where it names a field we do not have or a column that no table has, with the nearest names.
    """
    ours = tuple(dict.fromkeys(each.name for each in (*FIELDS, *CUSTOMER_FIELDS, *REVIEW_FIELDS)))
    resolved = {ALIASES.get(field, field): column for field, column in given.items()}
    for field in resolved:
        if field not in ours:
            raise _unknown("field", field, ours, {"field": field, "columns": [], "fields": list(ours)})
    for field, column in resolved.items():
        if column and column not in columns:
            details = {"field": field, "columns": [column], "there": list(columns)}
            raise _unknown("column", column, columns, details)
    return resolved


def _unknown(what: str, name: str, known: Collection[str], details: Mapping[str, object]) -> MappingError:
    lower = {each.lower(): each for each in known}
    near = [lower[each] for each in get_close_matches(name.lower(), lower, n=3, cutoff=0.5)]
    return MappingError(
        f"The mapping names the {what} {name!r}, which is not there.",
        seen=f"{'Our fields' if what == 'field' else 'The columns'} are {', '.join(known)}.",
        todo=f"Did you mean {' or '.join(near)}?" if near else f"Name one of these {what}s.",
        details=details,
    )


def _candidates(
    columns: Sequence[ColumnProfile], fields: Sequence[Field], names: Mapping[str, Names]
) -> list[_Candidate]:
    """Every plausible pair of field and column, the surest first; ties in the order of our fields and their columns."""
    found = []
    for field in fields:
        for column in columns:
            by_name = names[field.name].score(column.name)
            score = by_name * _fit(field, column) if by_name else _by_content(field, column)
            if score >= _PLAUSIBLE:
                found.append(_Candidate(field, column, round(score, 2), by_name > 0))
    return sorted(found, key=lambda each: -each.confidence)


def _fit(field: Field, column: ColumnProfile) -> float:
    """How well the values of a column suit a field, as a factor."""
    if column.look is Look.EMPTY:
        return 0.2
    if field.kind is Kind.TIME:
        return 1.0 if column.look is Look.TIME else 0.95 if column.may_be_time else 0.4
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        return 0.4 if column.look not in NUMBERS or (field.name == "discount" and _is_rate(column)) else 1.0
    if column.look is Look.TIME:
        return 0.4
    return 0.95 if field.kind is Kind.TEXT and column.look is Look.NUMBER else 1.0


def _is_rate(column: ColumnProfile) -> bool:
    """Whether the numbers are shares such as 0.15: a rate of discount is no money."""
    numbers = [float(sample) for sample in column.samples if sample.replace(".", "", 1).isdigit()]
    return column.look is Look.NUMBER and bool(numbers) and max(numbers) <= 1


def _by_content(field: Field, column: ColumnProfile) -> float:
    """What the values alone suggest, for headers in no language we know; never enough to go without asking."""
    repeats = 1 < column.distinct < column.filled
    suggests = {
        "ordered_at": column.look is Look.TIME,
        "customer_id": repeats and column.look in (Look.EMAIL, Look.WHOLE, Look.CODE),
        "amount": column.look is Look.NUMBER,
    }
    return _BY_CONTENT_ALONE[field.name] if suggests.get(field.name) else 0.0


def _proposal(chosen: _Candidate, candidates: Sequence[_Candidate], taken: Collection[str]) -> Proposal:
    field = chosen.field.name
    others = [each for each in candidates if each.field.name == field and each is not chosen]
    alternatives = tuple(each.column.name for each in others)
    rivals = [
        each.column.name
        for each in others
        if each.confidence == chosen.confidence and each.column.name not in taken and each.by_name
    ]
    if rivals and field in _BY_CONTENT_ALONE:
        reason = f"{chosen.reason}; but {' and '.join(rivals)} may as well be it"
        return Proposal(field, chosen.column.name, min(chosen.confidence, _BOTH_MAY_BE), reason, alternatives)
    return Proposal(field, chosen.column.name, chosen.confidence, chosen.reason, alternatives)


def _wanted(field: Field) -> str:
    return {Kind.TIME: "dates", Kind.NUMBER: "numbers", Kind.MONEY: "amounts"}.get(field.kind, "ids")
