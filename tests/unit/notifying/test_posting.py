from __future__ import annotations

import threading

import pytest

from turnpike.errors import CannotDecide, Interrupted, Unavailable
from turnpike.notifying.posting import Address, post
from unit.notifying.receiver import Answer, receiving
from unit.notifying.samples import Waits, patience


def test_a_busy_receiver_is_waited_for_as_long_as_it_asks() -> None:
    waits = Waits()
    with receiving(Answer(429, {"Retry-After": "7"})) as receiver:
        post(Address(receiver.url), "application/json", {"n": 1}, patience(waits))
    assert receiver.took == [{"n": 1}]
    assert waits.asked == [7.0]


def test_no_receiver_is_waited_for_longer_than_a_minute_at_once() -> None:
    waits = Waits()
    later = "Wed, 21 Oct 2099 07:28:00 GMT"
    answers = (Answer(429, {"Retry-After": "999999"}), Answer(503, {"Retry-After": later}))
    with receiving(*answers) as receiver:
        post(Address(receiver.url), "application/json", {}, patience(waits))
    assert waits.asked == [60.0, 60.0]


@pytest.mark.parametrize("ill", [Answer(500), Answer(503), Answer(0)])
def test_an_ill_receiver_gets_it_once_it_is_well(ill: Answer) -> None:
    waits = Waits()
    with receiving(ill, ill) as receiver:
        post(Address(receiver.url), "application/json", {"n": 1}, patience(waits))
    assert receiver.took == [{"n": 1}]
    assert len(waits.asked) == 2
    assert waits.asked[0] <= 0.5
    assert waits.asked[1] <= 1.0


def test_a_slow_receiver_is_tried_again() -> None:
    gate = threading.Event()
    with receiving(Answer(gate=gate)) as receiver:
        post(Address(receiver.url), "application/json", {"n": 1}, patience(answer_seconds=1.0))
        gate.set()
    assert len(receiver.asked) >= 2
    assert receiver.took


def test_tries_are_bounded() -> None:
    waits = Waits()
    with receiving(*[Answer(500)] * 9) as receiver, pytest.raises(Unavailable, match="status 500"):
        post(Address(receiver.url), "application/json", {}, patience(waits))
    assert (len(receiver.asked), len(waits.asked)) == (6, 5)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400), Answer(401), Answer(404), Answer(410), Answer(302, {"Location": "/login"}),
        Answer(200, {"Content-Type": "text/html"}, b"<html>Log in</html>"),
    ],
)  # fmt: skip
def test_a_receiver_that_refuses_is_asked_once(answer: Answer) -> None:
    with receiving(answer) as receiver, pytest.raises(CannotDecide) as raised:
        post(Address(receiver.url), "application/json", {}, patience())
    assert raised.value.code == "notify.refused"
    assert len(receiver.asked) == 1


def test_whoever_stops_is_not_kept_waiting() -> None:
    with receiving(Answer(500)) as receiver, pytest.raises(Interrupted):
        post(Address(receiver.url), "application/json", {}, patience(Waits(stop=True)))


def test_no_message_holds_more_of_a_url_than_its_host() -> None:
    address = Address("https://u:secret@127.0.0.1:1/T000/secret?secret=1")
    assert str(address) == "https://127.0.0.1:1"
    with pytest.raises(Unavailable) as raised:
        post(address, "application/json", {}, patience())
    assert "secret" not in raised.value.message + repr(address)
