"""An event has one spelling, and says only what its kind may say."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from turnpike.forge.event import LONGEST_BODY, SignedEvent, decode, encode
from unit.forge.conversations import event, later


@given(
    title=st.text(max_size=200), body=st.text(max_size=400), seconds=st.integers(0, 10**9),
    signature=st.text(min_size=1, max_size=100),
)  # fmt: skip
def test_every_event_is_read_back_as_it_was_written(
    title: str, body: str, seconds: int, signature: str
) -> None:
    said = event("opened", title=title, body=body, at=later(seconds))
    assert decode(encode(said, signature)) == SignedEvent(event=said, signature=signature)


@pytest.mark.parametrize("change", [
    lambda blob: blob + b" ",
    lambda blob: blob.replace(b'":"', b'": "', 1),
    lambda blob: blob[:-1] + b',"signature":"x"}',
    lambda blob: blob[:-1],
    lambda _: b"[]",
    lambda _: b"\xff",
])  # fmt: skip
def test_another_spelling_is_no_event(change: object) -> None:
    blob = encode(event(), "signature")
    assert callable(change)
    assert decode(blob) is not None
    assert decode(change(blob)) is None


@pytest.mark.parametrize(
    ("kind", "state"),
    [("reviewed", ""), ("reviewed", "merged"), ("opened", "approved"), ("closed", ""),
     ("commented", "success"), ("reported", "approved")],
)  # fmt: skip
def test_a_kind_says_nothing_of_another_kind(kind: str, state: str) -> None:
    with pytest.raises(ValidationError):
        event(kind, state=state)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        event(at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the point


def test_a_flood_of_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        event("commented", body="x" * (LONGEST_BODY + 1))


def test_the_signature_is_not_among_the_signed_bytes() -> None:
    said = event()
    first, second = decode(encode(said, "one")), decode(encode(said, "two"))
    assert first
    assert second
    assert first.event.signed_bytes() == second.event.signed_bytes() == said.signed_bytes()
