"""A key counts from its first moment on, up to and without its last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from turnpike.topology.key import KEY, Key

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
REVOKED = datetime(2026, 6, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def key(revoked_at: datetime | None = None) -> Key:
    return KEY.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Key",
            "name": "validator-2026",
            "id": "sha256:" + "a" * 64,
            "role": "validator",
            "public": "",
            "validFrom": START,
            "validUntil": END,
            "revokedAt": revoked_at,
        }
    )


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
