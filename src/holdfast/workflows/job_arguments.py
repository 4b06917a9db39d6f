"""What jobs are told, as those who start them write it; checked when a job is submitted, and again when it is done."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from holdfast.errors import InputError
from holdfast.workflows.forecasting import LONGEST_HORIZON


class Arguments(BaseModel):
    """What a job is told; a word that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


A = TypeVar("A", bound=Arguments)


def understood(kind: type[A], given: Mapping[str, Any]) -> A:
    """The arguments, checked; InputError for what cannot be meant."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise InputError(
            "The job cannot be done as it was asked for.", seen="; ".join(found), todo="Submit a new one."
        ) from error


class TrainArguments(Arguments):
    """How to train; what is absent is as the shop's settings say."""

    as_of: date | None = Field(default=None, description="Train on what was known before this day.")
    horizon: int | None = Field(default=None, ge=1, le=LONGEST_HORIZON, description="How far to look, in days.")
    dates: int = Field(default=3, ge=0, le=24, description="Past dates to replay as proof; 0 for none.")
    promote: bool = Field(default=True, description="Put it in use, unless the model in use has the better proof.")


class BacktestArguments(Arguments):
    """What to replay; what is absent is as the shop's settings say."""

    as_of: date | None = Field(default=None, description="Look from this day; known is every day before it.")
    horizon: int | None = Field(default=None, ge=1, le=LONGEST_HORIZON, description="How far to look, in days.")
    dates: int = Field(default=3, ge=1, le=24, description="Past dates to replay.")


class RunArguments(Arguments):
    """Which steps of the chain to run, on the orders that are there or with those of an import that waits."""

    steps: Annotated[list[Literal["import", "answer", "train"]], Field(min_length=1)] = ["answer", "train"]
    import_id: str | None = Field(default=None, description="For the step `import`.")
    as_of: date | None = Field(default=None, description="Look from this day; known is every day before it.")


class RebuildArguments(Arguments):
    """How to clean all imports anew; what is absent stays as it was."""

    policy: Literal["default", "simple", "none"] | None = None
    rules: dict[str, Any] = Field(default_factory=dict, description="Single rules of the policy.")


class UndoArguments(Arguments):
    """Which import to take back."""

    import_id: str = Field(min_length=1)


class SendArguments(Arguments):
    """Which action list to send to the webhook."""

    list_id: str = Field(min_length=1)
    sent_on: date


class VoucherArguments(Arguments):
    """How to make a voucher history; what is absent stays as it was. Without an upload, the raw one is taken again."""

    upload: str | None = None
    files: list[str] = []
    countries: list[str] | None = None
    policy: str | None = None
    rules: list[dict[str, Any]] | None = None
    mapping: dict[str, str] | None = None
    in_warehouse: bool = False
