"""Messages to a webhook: signed, with an id by which a receiver knows them again, sent until they are taken.

Signed as the Standard Webhooks specification 1.0 says (standardwebhooks.com), so that its libraries verify them:

    webhook-id: the same whenever a message is sent again
    webhook-timestamp: seconds since 1970 of this attempt
    webhook-signature: v1,base64(HMAC-SHA256(secret, id.timestamp.body))

A message may arrive twice all the same, where the receiver took it and its answer was lost; its id tells.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from holdfast.errors import HoldfastError, InputError

SECRET_PREFIX = "whsec_"  # noqa: S105 - how every secret begins
SECRET_BYTES = 32
TIMEOUT_SECONDS = 10.0

WAITS = (1.0, 5.0, 30.0, 120.0, 300.0)
"""Seconds before the next attempts: a restart of the receiver is waited out, a day without it is not."""

LONGEST_WAIT = 600.0
"""However long a receiver asks us to wait."""

WORTH_ANOTHER_TRY = {
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS,
}  # fmt: skip
"""Refusals that may pass by themselves; so may every answer from 500 on."""


class DeliveryError(HoldfastError):
    """The receiver did not take a message."""

    code = "not_delivered"
    status = 502


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where messages go, and the secret that both ends know, `whsec_` and then base64."""

    url: str
    secret: str

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("https", "http") or not urlsplit(self.url).hostname:
            raise InputError("This is no address of a webhook.", seen=self.url, todo="Write it like https://host/path.")

    @property
    def host(self) -> str:
        """Its name, without what may be secret in the address."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a body of JSON, and the id that is its own for ever."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An attempt that failed: what was seen, whether another may succeed, and the seconds the receiver asks for."""

    seen: str
    may_pass: bool
    wait: float = 0.0


def new_secret() -> str:
    """A secret nobody can guess."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message: Message, timestamp: int) -> str:
    """The value of `webhook-signature`; InputError for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise InputError(
            "This is no secret of a webhook.", seen="It is not base64.", todo="Set the webhook anew."
        ) from error
    signed = b".".join([message.id.encode(), str(timestamp).encode(), message.body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def deliver(
    client: httpx.Client,
    endpoint: Endpoint,
    message: Message,
    *,
    moment: Callable[[], datetime],
    wait: Callable[[float], None],
    waits: Sequence[float] = WAITS,
) -> int:
    """Send a message until it is taken; returns the status it was taken with.

    `moment` tells the time and `wait` lets seconds pass, so that the caller may end it. Raises DeliveryError once it
    was refused for good, or after the last of `waits`.
    """
    answer = _attempt(client, endpoint, message, moment())
    for pause in waits:
        if isinstance(answer, int) or not answer.may_pass:
            break
        wait(min(max(answer.wait, pause), LONGEST_WAIT))
        answer = _attempt(client, endpoint, message, moment())
    if isinstance(answer, int):
        return answer
    raise DeliveryError(
        f"{endpoint.host} did not take it.",
        seen=answer.seen,
        todo="Look at the receiver, then send again: what it took is not sent twice.",
    )


def _attempt(client: httpx.Client, endpoint: Endpoint, message: Message, moment: datetime) -> int | _Refusal:
    timestamp = int(moment.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(endpoint.secret, message, timestamp),
    }
    try:
        answer = client.post(endpoint.url, content=message.body, headers=headers)
    except httpx.HTTPError as error:
        return _Refusal(f"{type(error).__name__}: {error}", may_pass=True)
    if answer.is_success:
        return answer.status_code
    may_pass = answer.status_code in WORTH_ANOTHER_TRY or answer.is_server_error
    return _Refusal(f"It answered {answer.status_code}.", may_pass, _asked_wait(answer, moment))


def _asked_wait(answer: httpx.Response, moment: datetime) -> float:
    """`Retry-After` in seconds, which may stand there as a date; 0 where nothing was asked."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked[:6])
    try:
        return (parsedate_to_datetime(asked) - moment).total_seconds()
    except (ValueError, TypeError):
        return 0.0
