"""Predictions: a table of forecasts of every customer, made by a job with one model as of one day, and kept."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from holdfast.errors import NotFoundError
from holdfast.store import ShopFolder, needed_dataset, needed_model
from holdfast.store.records import Prediction
from holdfast.workflows.clock import now
from holdfast.workflows.shop import as_of_date
from holdfast.workflows.training import score
from holdfast.workflows.work import Work

FOLDER = "predictions"
TABLE = "forecasts.parquet"


def predict_everybody(work: Work) -> dict[str, Any]:
    """Forecast every customer. Arguments: `prediction`, the id it gets, `name`, and, if given, `model` and `as_of`."""
    found: dict[str, Any] = work.step("forecast", lambda: _forecast(work))
    return found


def _forecast(work: Work) -> dict[str, Any]:
    shop, prediction_id = work.shop, str(work.arguments["prediction"])
    model = needed_model(shop.folder, work.arguments.get("model")).record
    dataset = needed_dataset(shop.folder)
    day = as_of_date(work.arguments.get("as_of"), dataset)
    with shop.folder.locked(), shop.folder.workspace() as room:
        report = score(shop, as_of=day, model_id=model.id, out=room / TABLE, progress=work.progress)
        shop.folder.remove(f"{FOLDER}/{prediction_id}")  # of a run that was killed before it could say so
        shop.folder.publish(room, target=shop.folder.path / FOLDER / prediction_id)
    summary = report.as_dict() | {"out": None}
    with work.service.database.begin() as session:
        session.merge(
            Prediction(
                id=prediction_id,
                tenant=work.tenant,
                name=str(work.arguments.get("name") or f"{model.id} as of {day}"),
                model=model.id,
                dataset=dataset.manifest.version,
                as_of=day.isoformat(),
                horizon=model.horizon,
                customers=report.customers,
                summary=summary,
                created_at=now(),
                created_by=work.job.created_by,
                job_id=work.job.id,
            )
        )
    return {"prediction": prediction_id, **summary}


def find_prediction(session: Session, *, tenant: str, prediction_id: str) -> Prediction:
    """A prediction of the tenant; NotFoundError if there is none."""
    found = session.get(Prediction, prediction_id)
    if found is None or found.tenant != tenant:
        raise NotFoundError(
            f"There is no prediction {prediction_id!r}.", seen=f"Tenant {tenant} has no such prediction.",
            todo="List the predictions.",
        )  # fmt: skip
    return found


def table_of(folder: ShopFolder, prediction_id: str) -> Path:
    """The Parquet file of a prediction; NotFoundError if it is gone."""
    place = folder.find(f"{FOLDER}/{prediction_id}")
    if place is None:
        raise NotFoundError("The prediction has no table any more.", seen=prediction_id, todo="Make it anew.")
    return place / TABLE


def delete_prediction(session: Session, folder: ShopFolder, prediction: Prediction) -> None:
    """Delete the record and the file."""
    session.delete(prediction)
    folder.remove(f"{FOLDER}/{prediction.id}")
