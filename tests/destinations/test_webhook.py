"""Webhooks: signed as specified, sent again while that helps, under the same id, and given up with a clear error."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from holdfast.destinations.webhook import LONGEST_WAIT, DeliveryError, Endpoint, Message, deliver, new_secret, signature
from holdfast.errors import InputError
from tests.receiving import Receiver, receiving

MESSAGE = Message("msg_1", b'{"a": 1}')
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def sent(receiver: Receiver, *, waits: tuple[float, ...] = (1.0, 2.0), timeout: float = 5.0) -> tuple[int, list[float]]:
    """The answer, and how long was waited before each further attempt."""
    waited: list[float] = []
    with httpx.Client(timeout=timeout) as client:
        endpoint = Endpoint(receiver.url, new_secret())
        answer = deliver(client, endpoint, MESSAGE, moment=lambda: MOMENT, wait=waited.append, waits=waits)
    return answer, waited


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks reference implementations."""
    message = Message("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}')
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signature(secret, message, 1614265330) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_arrives_once_with_its_id_and_time(receiver: Receiver) -> None:
    assert sent(receiver) == (200, [])
    ((headers, body),) = receiver.got
    assert (headers["webhook-id"], headers["webhook-timestamp"], body) == ("msg_1", "1767312000", MESSAGE.body)
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("refusal", [500, 503, 408, 429])
def test_what_may_pass_is_tried_again_under_the_same_id(receiver: Receiver, refusal: int) -> None:
    receiver.answers = [refusal, refusal]
    assert sent(receiver) == (200, [1.0, 2.0])
    assert receiver.ids == ["msg_1"] * 3


@pytest.mark.parametrize("refusal", [301, 400, 401, 404, 410, 422])
def test_what_will_not_pass_is_not_tried_again(receiver: Receiver, refusal: int) -> None:
    receiver.answers = [refusal]
    with pytest.raises(DeliveryError) as caught:
        sent(receiver)
    assert caught.value.seen == f"It answered {refusal}."
    assert "token" not in str(caught.value.problem())
    assert len(receiver.got) == 1


def test_who_never_takes_it_is_given_up(receiver: Receiver) -> None:
    receiver.answers = [500] * 9
    with pytest.raises(DeliveryError, match="did not take it"):
        sent(receiver)
    assert len(receiver.got) == 3


def test_a_receiver_that_is_too_slow_is_asked_again(receiver: Receiver) -> None:
    receiver.answers, receiver.slow = [None], 1.0
    assert sent(receiver, timeout=0.3) == (200, [1.0])


def test_nobody_there_is_told() -> None:
    endpoint = Endpoint("http://127.0.0.1:9/", new_secret())
    with httpx.Client() as client, pytest.raises(DeliveryError) as caught:
        deliver(client, endpoint, MESSAGE, moment=lambda: MOMENT, wait=lambda _: None, waits=(1.0,))
    assert caught.value.seen.startswith("ConnectError")


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("Fri, 02 Jan 2026 00:00:09 GMT", 9.0),
        ("999999", LONGEST_WAIT),
        ("soon", 1.0),
        ("-5", 1.0),
    ],
)
def test_the_receiver_may_ask_for_time(receiver: Receiver, asked: str, waited: float) -> None:
    receiver.answers, receiver.headers = [429], {"Retry-After": asked}
    assert sent(receiver) == (200, [waited])


@pytest.mark.parametrize("url", ["", "lists", "ftp://host/x", "https://", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        Endpoint(url, new_secret())
