"""A key counts from its first moment on, up to and without its last."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.topology.key import KEY, Key

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
REVOKED = datetime(2026, 6, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
RAW = bytes(range(32))


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def file(public: str = text(RAW), of: bytes = RAW) -> bytes:
    lines = (
        "apiVersion: turnpike.dev/v1",
        "kind: Key",
        "name: validator-2026",
        f"id: {digest_of(of)}",
        "role: validator",
        f"public: {public!r}",
        "validFrom: '2026-01-01T00:00:00Z'",
        "validUntil: '2027-01-01T00:00:00Z'",
    )
    return "\n".join(lines).encode()


def key(revoked_at: datetime | None = None) -> Key:
    return read(KEY, file(), "key.yaml").model_copy(update={"revoked_at": revoked_at})


@pytest.mark.parametrize(
    ("moment", "counts"),
    [(START - INSTANT, False), (START, True), (END - INSTANT, True), (END, False)],
)
def test_a_key_counts_within_its_time(moment: datetime, *, counts: bool) -> None:
    assert key().is_valid_at(moment) is counts


@pytest.mark.parametrize(("moment", "counts"), [(REVOKED - INSTANT, True), (REVOKED, False)])
def test_a_revoked_key_counts_only_for_what_was_signed_before(
    moment: datetime, *, counts: bool
) -> None:
    assert key(REVOKED).is_valid_at(moment) is counts


def test_a_revocation_after_its_end_does_not_prolong_a_key() -> None:
    assert not key(END + timedelta(days=1)).is_valid_at(END)


@pytest.mark.parametrize("public", ["", "!!!!", text(RAW[:31]), text(RAW + b"x"), text(RAW) + " "])
def test_a_public_half_that_is_none_is_named_by_its_line(public: str) -> None:
    with pytest.raises(InvalidDocument, match=r"key\.yaml:6.*public.*32 bytes in base64"):
        read(KEY, file(public), "key.yaml")


def test_a_key_under_the_id_of_another_is_no_key() -> None:
    with pytest.raises(InvalidDocument, match=f"id: {digest_of(RAW)}"):
        read(KEY, file(of=RAW[::-1]), "key.yaml")
