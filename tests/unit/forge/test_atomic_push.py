"""All refs move, or none does, and the failure says which kind it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, RepositoryChanged, Unavailable
from turnpike.forge.atomic_push import Move, push_atomically
from turnpike.git.objects import EMPTY_TREE
from turnpike.git.repository import Repository
from unit.instance.aurora import MARIA, git, now

ONE, TWO = "refs/heads/one", "refs/heads/two"


@pytest.fixture
def host(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "clone.git")


def commit(clone: Repository, message: str) -> ObjectId:
    tree = clone.write_tree_with(EMPTY_TREE, {"file": message.encode()})
    return clone.write_commit(tree, (), MARIA, MARIA, message, now())


def test_both_refs_move(host: Repository, clone: Repository) -> None:
    a, b = commit(clone, "a"), commit(clone, "b")
    push_atomically(clone, str(host.path), Move(ONE, a, None), Move(TWO, b, None))
    assert host.refs.under("refs/") == {ONE: a, TWO: b}


@pytest.mark.parametrize("lease", [None, ObjectId("1" * 40)])
def test_a_lost_lease_moves_nothing(
    host: Repository, clone: Repository, lease: ObjectId | None
) -> None:
    a, b = commit(clone, "a"), commit(clone, "b")
    push_atomically(clone, str(host.path), Move(ONE, a, None))
    with pytest.raises(RepositoryChanged):
        push_atomically(clone, str(host.path), Move(TWO, b, None), Move(ONE, b, lease))
    assert host.refs.under("refs/") == {ONE: a}


def test_a_refusal_carries_the_hosts_words(host: Repository, clone: Repository) -> None:
    hook = host.path / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotDecide, match="not on a Friday") as refused:
        push_atomically(clone, str(host.path), Move(ONE, commit(clone, "a"), None))
    assert refused.value.code == "forge.refused"
    assert host.refs.under("refs/") == {}


def test_a_host_that_is_away_is_unavailable(clone: Repository, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        push_atomically(clone, str(tmp_path / "nowhere"), Move(ONE, commit(clone, "a"), None))


def test_a_ref_that_is_locked_is_a_lost_race(host: Repository, clone: Repository) -> None:
    a, b = commit(clone, "a"), commit(clone, "b")
    push_atomically(clone, str(host.path), Move(ONE, a, None))
    (host.path / f"{ONE}.lock").write_text("")
    with pytest.raises(RepositoryChanged):
        push_atomically(clone, str(host.path), Move(ONE, b, a))
    assert git(host.path, "rev-parse", ONE).stdout.strip() == a
