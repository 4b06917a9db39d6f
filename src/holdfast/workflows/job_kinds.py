"""Every kind of job there is, and the function that does it.

A function takes `Work` and returns JSON. What must not happen twice stands in `work.step`, and finds its own traces:
a worker may be killed after the effect and before the queue remembers it. Whoever changes the steps of a kind raises
`durable.STEPS_VERSION`.
"""

import time
from dataclasses import replace
from typing import Any

from holdfast.cleaning import policy_from
from holdfast.errors import NotFoundError
from holdfast.store import Dataset, current_dataset, needed_dataset, needed_model
from holdfast.workflows.answer import answer
from holdfast.workflows.erasing import erase_customer
from holdfast.workflows.explaining import explain_customers, most_valuable_leaver
from holdfast.workflows.importing import rebuild, undo_import
from holdfast.workflows.job_arguments import (
    BacktestArguments,
    RebuildArguments,
    RunArguments,
    SendArguments,
    TrainArguments,
    UndoArguments,
    understood,
)
from holdfast.workflows.plain import plain
from holdfast.workflows.predictions import predict_everybody
from holdfast.workflows.report import ledger_of
from holdfast.workflows.retraining import train_and_promote
from holdfast.workflows.running import shares
from holdfast.workflows.sending import send_list
from holdfast.workflows.training import replay
from holdfast.workflows.uploading import import_upload
from holdfast.workflows.uploads import adopt_imports, note_undone
from holdfast.workflows.voucher_jobs import make_voucher_history
from holdfast.workflows.work import Kinds, Work


def train_model(work: Work) -> dict[str, Any]:
    """Train a model, and put it in use if it earned that."""
    asked = understood(TrainArguments, work.arguments)
    return train_and_promote(
        work, as_of=asked.as_of, horizon=asked.horizon, dates=asked.dates, may_promote=asked.promote
    )


def replay_past(work: Work) -> dict[str, Any]:
    """What forecasts would have been worth on past dates."""
    asked = understood(BacktestArguments, work.arguments)

    def replayed() -> Any:
        proof = replay(work.shop, as_of=asked.as_of, horizon=asked.horizon, dates=asked.dates, progress=work.progress)
        return plain(proof.as_json())

    found: dict[str, Any] = work.step("replay", replayed)
    return found


def run_chain(work: Work) -> dict[str, Any]:
    """The steps that were asked for, in their order; after training the reasons of the most valuable leaver."""
    asked = understood(RunArguments, work.arguments)
    part = {step: work.part(*share) for step, share in shares(asked.steps).items()}
    result: dict[str, Any] = {"import": None, "answer": None, "train": None, "reasons": None}
    if "import" in part:
        told = replace(part["import"], arguments={"import_id": asked.import_id, "confirm": True, "train": False})
        result["import"] = import_upload(told)["report"]
    if "answer" in part:
        told = part["answer"]
        result["answer"] = told.step(
            "answer", lambda: plain(answer(work.shop, as_of=asked.as_of, progress=told.progress).as_json())
        )
    if "train" in part:
        result["train"] = train_and_promote(part["train"], as_of=asked.as_of)
        result["reasons"] = work.step("reasons", lambda: _reasons(work, result["train"]["model"]))
    return result


def rebuild_dataset(work: Work) -> dict[str, Any]:
    """Clean all imports anew, under another policy or other rules."""
    asked = understood(RebuildArguments, work.arguments)
    before = work.step("look", lambda: needed_dataset(work.shop.folder).manifest.version)

    def clean_anew() -> dict[str, Any]:
        dataset = needed_dataset(work.shop.folder)
        wanted = plain(policy_from(asked.rules, base=work.shop.policy(asked.policy)).as_dict())
        if dataset.manifest.version == before or plain(dataset.manifest.policy) != wanted:
            dataset = rebuild(work.shop, policy=asked.policy, rules=asked.rules, progress=work.progress)
        return _described(dataset)

    return work.step("clean anew", clean_anew)


def take_back(work: Work) -> dict[str, Any]:
    """Take an import back: the data set is made anew from the others."""
    asked = understood(UndoArguments, work.arguments)
    work.step("look", lambda: _needed_import(work, asked.import_id))

    def without_it() -> dict[str, Any]:
        dataset = current_dataset(work.shop.folder)
        if dataset is not None and asked.import_id in dataset.manifest.imports:
            dataset = undo_import(work.shop, asked.import_id, progress=work.progress)
        with work.service.database.begin() as session:
            note_undone(session, tenant=work.tenant, import_id=asked.import_id)
        return _described(dataset) if dataset else {"dataset": None}

    return work.step("make anew", without_it)


def send_to_webhook(work: Work) -> dict[str, Any]:
    """Send an action list; what the webhook took is kept part by part, so another attempt goes on there."""
    asked = understood(SendArguments, work.arguments)

    def wait(seconds: float) -> None:
        for left in range(int(seconds), 0, -1):
            work.progress(f"The webhook did not take it; next attempt in {left} s", work.told.done)
            time.sleep(1.0)

    sent = send_list(
        work.service.database, work.shop, asked.list_id, sent_on=asked.sent_on, wait=wait, progress=work.progress
    )
    return sent.as_dict()


KINDS: Kinds = {
    "import": import_upload,
    "train": train_model,
    "backtest": replay_past,
    "predict": predict_everybody,
    "run": run_chain,
    "rebuild": rebuild_dataset,
    "undo": take_back,
    "erase": erase_customer,
    "vouchers": make_voucher_history,
    "send": send_to_webhook,
}


def _reasons(work: Work, model_id: str) -> Any:
    """The reasons of the most valuable leaver; None where nobody is leaving."""
    leaver = most_valuable_leaver(work.shop, needed_model(work.shop.folder, model_id))
    return plain(explain_customers(work.shop, [leaver], model_id=model_id).as_dict()) if leaver else None


def _needed_import(work: Work, import_id: str) -> None:
    """NotFoundError unless the data set is made of that import, among others; it has a record from now on."""
    with work.service.database.begin() as session:
        adopt_imports(session, work.shop)
    made_of = needed_dataset(work.shop.folder).manifest.imports
    if import_id not in made_of:
        raise NotFoundError(
            f"The shop's data set is not made of an import {import_id!r}.",
            seen=f"It is made of {', '.join(made_of)}.",
            todo="Name one of these.",
        )


def _described(dataset: Dataset) -> dict[str, Any]:
    """A data set in a few words."""
    ledger = ledger_of(dataset.manifest)
    described: dict[str, Any] = plain(
        {
            "dataset": dataset.manifest.version,
            "imports": dataset.manifest.imports,
            "as_of": dataset.manifest.as_of,
            "lines_kept": ledger.lines_kept,
            "revenue_kept": ledger.revenue_kept,
        }
    )
    return described
