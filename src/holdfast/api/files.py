"""Files that are made for one answer, and gone once it was sent."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

MEDIA = {".csv": "text/csv; charset=utf-8", ".parquet": "application/vnd.apache.parquet"}

FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"text/csv": {}, "application/vnd.apache.parquet": {}}}
}
"""For the OpenAPI entry of a route that answers with a file."""


def made_for_download(name: str, write: Callable[[Path], object]) -> FileResponse:
    """A file called `name`, written by `write` to the path it is given."""
    room = Path(mkdtemp(prefix="holdfast-"))
    try:
        write(room / name)
    except BaseException:
        shutil.rmtree(room)
        raise
    sweep = BackgroundTask(shutil.rmtree, room)
    return FileResponse(room / name, filename=name, media_type=MEDIA[Path(name).suffix], background=sweep)
