"""Statements wait beside a clone until a pull request carries them."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.outbox import keep, kept_about, outbox_of
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope, envelope_of
from turnpike.evidence.statement import SCAN, statement_about
from turnpike.git.process import Git
from turnpike.git.repository import Repository
from unit.git.folder import commit_files

ONE, OTHER, KEY = digest_of(b"one"), digest_of(b"other"), digest_of(b"key")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    Repository.create(tmp_path / "clone").close()
    return tmp_path / "clone"


def about(artifact: str) -> Envelope:
    """Return an envelope about an artifact; what it says is read, not believed, here."""
    statement = statement_about("team/model", digest_of(artifact.encode()), SCAN, {})
    return envelope_of(statement, KEY, b"signature")


def test_what_is_kept_about_an_artifact_comes_back(clone: Path) -> None:
    keep(clone, [about("one"), about("other")])
    assert kept_about(clone, [ONE]) == (about("one"),)
    assert set(kept_about(clone, [ONE, OTHER])) == {about("one"), about("other")}


def test_all_working_folders_of_a_clone_share_what_is_kept(clone: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    with Repository(clone) as repository:
        commit = commit_files(repository, {"a.md": b"text"})
    Git(clone).run("worktree", "add", "--detach", str(linked), commit)
    keep(linked, [about("one")])
    assert kept_about(clone, [ONE]) == (about("one"),)


def test_keeping_twice_keeps_once(clone: Path) -> None:
    keep(clone, [about("one")])
    keep(clone, [about("one")])
    assert len(list(outbox_of(clone).iterdir())) == 1


def test_a_half_written_statement_is_as_if_it_were_not_there(clone: Path) -> None:
    keep(clone, [about("one"), about("other")])
    torn = outbox_of(clone) / f"{about('other').digest().removeprefix('sha256:')}.json"
    torn.write_bytes(torn.read_bytes()[:40])
    assert kept_about(clone, [ONE, OTHER]) == (about("one"),)


def test_an_empty_outbox_has_nothing_about_anything(clone: Path) -> None:
    assert kept_about(clone, [ONE]) == ()
