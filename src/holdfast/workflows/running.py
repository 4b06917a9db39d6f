"""The whole chain in one call: import, then answer; or some of its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from holdfast.errors import InputError
from holdfast.reports import FirstAnswer
from holdfast.workflows.answer import answer
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.report import ImportReport
from holdfast.workflows.shop import Progress, Shop, no_progress

STEPS = ("import", "answer")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What each step made; None for a step that was not asked for."""

    imported: ImportReport | None
    answer: FirstAnswer | None

    def as_dict(self) -> dict[str, Any]:
        """Both as JSON."""
        return {
            "import": self.imported.as_dict() if self.imported else None,
            "answer": self.answer.as_json() if self.answer else None,
        }


def run(
    shop: Shop,
    paths: Sequence[Path],
    *,
    how: HowToRead,
    steps: Sequence[str] = STEPS,
    policy: str | None = None,
    rules: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
    progress: Progress = no_progress,
) -> RunReport:
    """Run the steps in their order; InputError for a step that does not exist, or nothing to import."""
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        raise InputError(
            f"There is no step {unknown[0]!r}.", seen=f"Asked for: {', '.join(steps)}.", todo=f"Use {', '.join(STEPS)}."
        )
    if "import" in steps and not paths:
        raise InputError(
            "There is nothing to import.", seen="No file was named.", todo="Name files, or use --steps answer."
        )
    imported = None
    if "import" in steps:
        imported = import_files(
            shop, paths, how=how, policy=policy, rules=rules, progress=lambda step, done: progress(step, 0.6 * done)
        )
    answered = None
    if "answer" in steps:
        answered = answer(shop, as_of=as_of, progress=lambda step, done: progress(step, 0.6 + 0.4 * done))
    return RunReport(imported, answered)
