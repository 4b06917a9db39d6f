"""Champion and challenger: whether a new model should take the place of the one in use.

A backtest judges a way of forecasting on past dates, not one fitted model. So a challenger is promoted where its own
backtest shows a forecast at least as trustworthy as the champion's; on the very same dates its log loss must not be
higher either. What cannot be compared is not promoted by itself.
"""

from dataclasses import dataclass
from typing import Any

from holdfast.forecast.proof.grade import Grade
from holdfast.forecast.proof.replay import OURS
from holdfast.store import ShopFolder, StoredModel, default_model, list_models
from holdfast.store.folder import read_json
from holdfast.store.models import BACKTEST

STANDING = (Grade.WORSE, Grade.CANNOT_TELL, Grade.AS_GOOD, Grade.BETTER)
"""Grades against the simple rule, the least trustworthy first."""

NOISE = 0.001
"""A difference in log loss that seeds alone make (docs/evaluation.md)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger may be promoted, and why, in a sentence."""

    promote: bool
    why: str


def judge(champion: StoredModel | None, challenger: StoredModel) -> Verdict:
    """Compare the challenger with the model in use, None where there is none yet."""
    if champion is None:
        return Verdict(promote=True, why="No model was in use.")
    if champion.record.id == challenger.record.id:
        return Verdict(promote=True, why="It is in use already.")
    if champion.record.horizon != challenger.record.horizon:
        return Verdict(
            promote=False,
            why=f"They look {champion.record.horizon} and {challenger.record.horizon} days ahead: "
            "a choice for people, not for scores.",
        )
    ours, theirs = _proof(challenger), _proof(champion)
    if ours is None:
        return Verdict(promote=False, why="It has no backtest.")
    if theirs is None:
        return Verdict(promote=True, why="The model in use has no backtest.")
    return _judge_proofs(theirs, ours)


def champion_of(folder: ShopFolder) -> StoredModel | None:
    """The model in use; None where there is none."""
    wanted = default_model(folder)
    return next((model for model in list_models(folder) if model.record.id == wanted), None)


def _judge_proofs(champion: dict[str, Any], challenger: dict[str, Any]) -> Verdict:
    old, new = Grade(champion["graded"]["grade"]), Grade(challenger["graded"]["grade"])
    if STANDING.index(new) < STANDING.index(old):
        return Verdict(
            promote=False, why=f"Against the simple rule it is {new.value}; the model in use is {old.value}."
        )
    if not _same_dates(champion, challenger):
        return Verdict(
            promote=True,
            why=f"It knows newer orders. Against the simple rule it is {new.value}; the model in use is {old.value}.",
        )
    before, after = _log_loss(champion), _log_loss(challenger)
    if before is None or after is None:
        return Verdict(promote=False, why="One of the two was never scored.")
    told = f"On the same past dates its log loss is {after:.4f}, that of the model in use {before:.4f}."
    return Verdict(promote=after <= before + NOISE, why=told)


def _proof(model: StoredModel) -> dict[str, Any] | None:
    """Its backtest; None without one, or where no past date could be replayed."""
    path = model.file(BACKTEST)
    found = read_json(path) if path.exists() else None
    return found if found and found["dates"] else None


def _same_dates(champion: dict[str, Any], challenger: dict[str, Any]) -> bool:
    return [date["day"] for date in champion["dates"]] == [date["day"] for date in challenger["dates"]]


def _log_loss(proof: dict[str, Any]) -> float | None:
    row = next((row for row in proof["table"] if row["method"] == OURS), None)
    return row["scores"]["log_loss"] if row else None
