from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError, RepositoryChanged, Unavailable
from turnpike.git.repository import Repository
from unit.git.folder import MAIN, commit_files, real_git


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


@pytest.mark.parametrize("revision", ["nothing", "", "--help", "-h", "main^{blob}", "a..b"])
def test_an_unknown_revision_is_named_with_the_next_step(
    repository: Repository, revision: str
) -> None:
    with pytest.raises(InputError, match="names no commit") as caught:
        repository.resolve(revision)
    assert repr(revision) in caught.value.message
    assert "git fetch" in caught.value.solution


def test_a_tag_resolves_to_the_commit_that_it_names(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    real_git(repository.path, "tag", "-a", "-m", "x", "v1", first)
    assert repository.resolve("refs/tags/v1") == first


def test_a_ref_moves_from_where_it_was_judged_to_be(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    second = commit_files(repository, {"a": b"2"}, first)
    repository.update_ref(MAIN, first, None)
    repository.update_ref(MAIN, second, first)
    assert repository.refs.get(MAIN) == second
    repository.update_ref(MAIN, None, second)
    assert repository.refs.get(MAIN) is None


@pytest.mark.parametrize("expected", ["nothing", "another"])
def test_a_ref_that_moved_meanwhile_stays_where_it_is(
    repository: Repository, expected: str
) -> None:
    first = commit_files(repository, {"a": b"1"})
    second = commit_files(repository, {"a": b"2"}, first)
    repository.update_ref(MAIN, second, None)
    with pytest.raises(RepositoryChanged, match=MAIN):
        repository.update_ref(MAIN, first, None if expected == "nothing" else first)
    assert repository.refs.get(MAIN) == second


def test_a_lock_that_another_process_holds_is_a_change(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    lock = repository.path / "refs/heads/main.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    with pytest.raises(RepositoryChanged, match=r"main\.lock") as caught:
        repository.update_ref(MAIN, first, None)
    assert "remove it" in caught.value.solution
    lock.unlink()
    repository.update_ref(MAIN, first, None)


def test_refs_are_listed_below_a_prefix(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    repository.update_ref("refs/pulls/1/head", first, None)
    repository.update_ref(MAIN, first, None)
    assert repository.refs.under("refs/pulls/") == {"refs/pulls/1/head": first}


def _pushed(repository: Repository, tmp_path: Path) -> tuple[Repository, ObjectId, ObjectId]:
    host = Repository.create(tmp_path / "host.git")
    first = commit_files(repository, {"a": b"1"})
    second = commit_files(repository, {"a": b"2"}, first)
    repository.push(str(host.path), f"{first}:{MAIN}", None)
    return host, first, second


def test_a_push_takes_effect_only_on_the_leased_commit(
    repository: Repository, tmp_path: Path
) -> None:
    host, first, second = _pushed(repository, tmp_path)
    repository.push(str(host.path), f"{second}:{MAIN}", first)
    assert host.resolve(MAIN) == second
    for lease in (first, None):
        with pytest.raises(RepositoryChanged):
            repository.push(str(host.path), f"{first}:{MAIN}", lease)
    assert host.resolve(MAIN) == second


def test_the_words_of_a_host_that_refuses_are_passed_on(
    repository: Repository, tmp_path: Path
) -> None:
    host, first, second = _pushed(repository, tmp_path)
    hook = host.path / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho main is judged >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotDecide, match="main is judged") as caught:
        repository.push(str(host.path), f"{second}:{MAIN}", first)
    assert caught.value.code == "git.push-refused"
    assert host.resolve(MAIN) == first


def test_a_remote_that_is_not_there_is_unavailable(repository: Repository, tmp_path: Path) -> None:
    first = commit_files(repository, {"a": b"1"})
    with pytest.raises(Unavailable, match="could not push"):
        repository.push(str(tmp_path / "nowhere"), f"{first}:{MAIN}", None)


def test_what_is_fetched_is_here(repository: Repository, tmp_path: Path) -> None:
    host, first, _ = _pushed(repository, tmp_path)
    with Repository.create(tmp_path / "clone.git") as clone:
        clone.fetch(str(host.path), f"+{MAIN}:refs/remotes/origin/main")
        assert clone.resolve("refs/remotes/origin/main") == first
