"""The whole chain in one call: import, answer, train; or some of its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from holdfast.errors import InputError
from holdfast.reports import FirstAnswer
from holdfast.workflows.answer import answer
from holdfast.workflows.explaining import Explained, explain_customers, most_valuable_leaver
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.report import ImportReport
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.training import Training, train

STEPS = ("import", "answer", "train")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What each step made; None for a step that was not asked for.

    `reasons` explain the forecast of one customer, the most valuable of those who are more likely gone than not.
    """

    imported: ImportReport | None
    answer: FirstAnswer | None
    training: Training | None = None
    reasons: Explained | None = None

    def as_dict(self) -> dict[str, Any]:
        """All as JSON."""
        return {
            "import": self.imported.as_dict() if self.imported else None,
            "answer": self.answer.as_json() if self.answer else None,
            "train": self.training.as_dict() if self.training else None,
            "reasons": self.reasons.as_dict() if self.reasons else None,
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
    share = shares(steps)
    imported = answered = trained = reasons = None
    if "import" in steps:
        imported = import_files(
            shop, paths, how=how, policy=policy, rules=rules, progress=_part(progress, *share["import"])
        )
    if "answer" in steps:
        answered = answer(shop, as_of=as_of, progress=_part(progress, *share["answer"]))
    if "train" in steps:
        trained = train(shop, as_of=as_of, progress=_part(progress, *share["train"]))
        leaver = most_valuable_leaver(shop, trained.stored)
        reasons = explain_customers(shop, [leaver], model_id=trained.stored.record.id) if leaver else None
    return RunReport(imported, answered, trained, reasons)


def shares(steps: Sequence[str]) -> dict[str, tuple[float, float]]:
    """From where to where each step takes the progress, 0-1, by how long steps usually take."""
    lengths = {"import": 2.0, "answer": 1.0, "train": 12.0}
    total, begin, found = sum(lengths[step] for step in STEPS if step in steps), 0.0, {}
    for step in STEPS:
        if step in steps:
            found[step] = (begin, begin := begin + lengths[step] / total)
    return found


def _part(progress: Progress, begin: float, end: float) -> Progress:
    return lambda step, done: progress(step, begin + (end - begin) * done)
