"""The file that is applied is the file that was planned, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, IntegrityError
from turnpike.infrastructure.plan_files import keep_plan, kept_plan


def test_a_plan_is_kept_by_its_digest_for_its_owner_alone(tmp_path: Path) -> None:
    store = tmp_path / "plans"
    digest = keep_plan(store, b"a plan")
    assert digest == digest_of(b"a plan")
    assert kept_plan(store, digest) == b"a plan"
    (file,) = store.iterdir()
    assert (store.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_same_plan_is_kept_once(tmp_path: Path) -> None:
    assert keep_plan(tmp_path, b"a plan") == keep_plan(tmp_path, b"a plan")
    assert len(list(tmp_path.iterdir())) == 1


def test_another_byte_is_refused(tmp_path: Path) -> None:
    digest = keep_plan(tmp_path, b"a plan")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"b plan")
    with pytest.raises(IntegrityError) as refused:
        kept_plan(tmp_path, digest)
    assert refused.value.code == "terraform.plan-file-differs"


def test_a_file_that_is_not_here_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        kept_plan(tmp_path, digest_of(b"elsewhere"))
    assert refused.value.code == "terraform.plan-file-missing"
