"""Lists in pages: a cursor says where the last page ended, so that nothing is seen twice while things are added."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from holdfast.errors import InputError

T = TypeVar("T")
R = TypeVar("R")

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items a page has at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[T]):
    """Some items, and where the next ones begin."""

    items: list[T]
    next_cursor: str | None = Field(default=None, description="For the next page; absent on the last one.")


def encode(place: Sequence[Any]) -> str:
    """A place in a list as a text that means nothing to others."""
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def decode(cursor: str, *, parts: int) -> list[Any]:
    """The place again; InputError for a text that is none."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        place = None
    if not isinstance(place, list) or len(place) != parts:
        raise InputError("This is no cursor.", seen=cursor[:80], todo="Use `next_cursor` of the page before as it was.")
    return place


def newest_first(
    session: Session,
    chosen: sa.Select[R],
    record: Any,
    *,
    limit: int,
    cursor: str | None,
    shown: Callable[[R], T],
) -> Page[T]:
    """A page of records that have `created_at` and `id`, the newest first."""
    if cursor is not None:
        at, last_id = decode(cursor, parts=2)
        moment = _moment(at)
        chosen = chosen.where(
            sa.or_(record.created_at < moment, sa.and_(record.created_at == moment, record.id < str(last_id)))
        )
    found = list(session.scalars(chosen.order_by(record.created_at.desc(), record.id.desc()).limit(limit + 1)))
    more = len(found) > limit
    last: Any = found[limit - 1] if more else None
    return Page(
        items=[shown(each) for each in found[:limit]],
        next_cursor=encode([last.created_at.isoformat(), last.id]) if more else None,
    )


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError as error:
        raise InputError("This is no cursor.", seen=str(text)[:80], todo="Use `next_cursor` as it was.") from error
