"""What counts as a registered version."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.registry.interface import DIGEST_TAG
from turnpike.registry.mlflow_version import is_version, registered, require_new

_DIGEST = "sha256:" + "a" * 64


def test_a_ready_version_with_a_digest_counts() -> None:
    found = registered("t.m", "3", "READY", "file:///a", {DIGEST_TAG: _DIGEST, "k": "v"})
    assert found is not None
    assert (found.name, found.version, found.digest) == ("t.m", "3", _DIGEST)
    assert found.tags == {DIGEST_TAG: _DIGEST, "k": "v"}


@pytest.mark.parametrize("tag", ["", "sha256:" + "A" * 64, "sha256:abc", "a" * 64, _DIGEST + "\n"])
def test_a_version_without_a_well_formed_digest_does_not_count(tag: str) -> None:
    assert registered("t.m", "3", "READY", "file:///a", {DIGEST_TAG: tag}) is None


@pytest.mark.parametrize("status", ["PENDING_REGISTRATION", "FAILED_REGISTRATION", ""])
def test_a_version_that_is_not_ready_does_not_count(status: str) -> None:
    assert registered("t.m", "3", status, "file:///a", {DIGEST_TAG: _DIGEST}) is None


def test_a_version_kept_nowhere_does_not_count() -> None:
    assert registered("t.m", "3", "READY", "", {DIGEST_TAG: _DIGEST}) is None


@pytest.mark.parametrize("text", ["0", "01", "-1", "1.0", "latest", "", "1 ", "9" * 10, "\u0661"])
def test_what_is_no_version_number_is_told_apart(text: str) -> None:
    assert not is_version(text)


def test_a_folder_that_exists_is_not_fetched_into(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        require_new(tmp_path)
