from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import pytest

from turnpike.forge.patience import Answered, Patience

NOW = 1_800_000_000.0
PATIENCE = Patience(
    tries=4, first_seconds=1.0, longest_seconds=60.0, clock=lambda: NOW, jitter=lambda: 0.5
)


def test_waits_double_and_carry_jitter() -> None:
    busy = Answered("GET", 503, {})
    assert [PATIENCE.wait(busy, attempt) for attempt in (1, 2, 3, 4)] == [1.5, 3.0, 6.0, None]


@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
def test_what_could_act_twice_is_not_sent_again_after_a_failure(status: int) -> None:
    assert PATIENCE.wait(Answered("POST", status, {}), 1) is None
    assert PATIENCE.wait(Answered("PATCH", status, {}), 1) is not None


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 422])
def test_an_answer_is_an_answer(status: int) -> None:
    assert PATIENCE.wait(Answered("GET", status, {}), 1) is None


def test_a_limit_is_waited_for_whatever_was_asked() -> None:
    assert PATIENCE.wait(Answered("POST", 429, {"retry-after": "7"}), 1) == 7.5


@pytest.mark.parametrize(
    ("headers", "said", "seconds"),
    [
        ({"retry-after": "12"}, "", 12.5),
        ({"retry-after": "60"}, "", 60.5),  # what GitHub asks for most often
        ({"retry-after": "61"}, "", None),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}, "", 30.5),
        ({"retry-after": "Friday, 15-Jan-27 08:00:30 GMT"}, "", 30.5),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000020"}, "", 20.5),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1799999999"}, "", 0.5),
        ({}, "You have exceeded a secondary rate limit. Please wait.", 60.5),
        (
            {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1800003600"},
            "You have exceeded a secondary rate limit. Please wait.",
            60.5,
        ),
        ({"retry-after": "59"}, "secondary rate limit", 59.5),
    ],
)
def test_github_says_403_for_a_limit_and_when_it_ends(
    headers: dict[str, str], said: str, seconds: float | None
) -> None:
    assert PATIENCE.wait(Answered("POST", 403, headers, said), 1) == seconds


def test_a_forbidden_thing_is_no_limit() -> None:
    left = {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1800000020"}
    assert not Answered("GET", 403, left, "Resource not accessible").is_limited


def test_a_date_without_a_zone_is_of_utc_wherever_the_gate_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        after = {"retry-after": "Fri Jan 15 08:00:30 2027"}
        assert PATIENCE.wait(Answered("GET", 503, after), 1) == 30.5
    finally:
        monkeypatch.undo()
        time.tzset()


def test_gitlabs_reset_is_read_too() -> None:
    assert PATIENCE.wait(Answered("GET", 429, {"ratelimit-reset": "1800000003"}), 1) == 3.5


def test_more_patience_than_there_is_is_none() -> None:
    hour = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800003600"}
    assert PATIENCE.wait(Answered("GET", 403, hour), 1) is None
    assert PATIENCE.wait(Answered("GET", 503, {"retry-after": "3600"}), 1) is None


def test_a_wait_that_is_no_wait_is_left_aside() -> None:
    assert PATIENCE.wait(Answered("GET", 503, {"retry-after": "soon"}), 1) == 1.5


def test_what_failed_is_asked_again_until_it_is_answered() -> None:
    slept: list[float] = []
    patience = replace(PATIENCE, sleep=slept.append)
    answers = iter([None, None, "here"])
    asked = patience.ask(lambda: (next(answers), OSError("gone")), became)
    assert (asked, slept) == ("here", [1.5, 3.0])


def test_the_last_failure_is_raised_when_patience_ends() -> None:
    numbers = count(1)
    patience = replace(PATIENCE, sleep=lambda _: None)
    with pytest.raises(OSError, match=r"^4$"):
        patience.ask(lambda: (None, OSError(str(next(numbers)))), became)


def became(answer: str | None) -> Answered:
    return Answered("GET", 200 if answer else 0, {})
