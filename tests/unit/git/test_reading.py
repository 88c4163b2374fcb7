from __future__ import annotations

import os
import shutil
import signal
import threading
import zlib
from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError, TurnpikeError, Unavailable
from turnpike.git.pack import NewObject
from turnpike.git.repository import Repository
from unit.git.folder import commit_files, real_git


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def _loose(repository: Repository, object_: ObjectId) -> Path:
    return repository.path / "objects" / object_[:2] / object_[2:]


def _overwrite(file: Path, content: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(content)


def test_thousands_of_blobs_come_in_the_order_asked_for(repository: Repository) -> None:
    blobs = [NewObject("blob", b"%d\n" % i * (i % 50)) for i in range(3000)]
    repository.write(blobs)
    assert list(repository.blobs(b.id for b in blobs).items()) == list(
        {b.id: b.content for b in blobs}.items()
    )


def test_an_object_with_other_bytes_than_its_name_says_is_named(repository: Repository) -> None:
    blob = repository.write_blob(b"honest\n")
    _overwrite(_loose(repository, blob), zlib.compress(b"blob 7\0forged\n"))
    with pytest.raises(IntegrityError, match=blob):
        repository.blobs([blob])


def test_every_flipped_byte_of_a_loose_object_is_noticed(repository: Repository) -> None:
    content = b"some content that is worth protecting\n"
    blob = repository.write_blob(content)
    file = _loose(repository, blob)
    whole = file.read_bytes()
    for position in range(len(whole)):
        _overwrite(file, whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        try:
            found = repository.blobs([blob])[blob]
        except TurnpikeError as error:
            assert blob in error.message  # noqa: PT017 - either outcome is allowed
        else:
            assert found == content  # the flags of the compression bear no meaning
    _overwrite(file, whole)
    assert repository.blobs([blob]) == {blob: content}


def test_a_file_that_cannot_be_read_does_not_pass_for_one_that_is_not_there(
    repository: Repository,
) -> None:
    commit = commit_files(repository, {"a": b"1"})
    blob = repository.blob_id(commit, "a")
    assert blob is not None
    _overwrite(_loose(repository, blob), b"garbage")
    with Repository(repository.path) as again:
        with pytest.raises(IntegrityError, match=blob):
            again.read(commit, "a")
        assert again.read(commit, "b") is None


def test_a_missing_object_is_named_with_the_next_step(repository: Repository) -> None:
    with pytest.raises(InputError, match="not in this clone") as caught:
        repository.blobs([ObjectId("c" * 40)])
    assert "fetch" in caught.value.solution


def test_an_object_beyond_the_limit_is_refused_and_the_next_is_read(
    repository: Repository,
) -> None:
    large, small = repository.write_blob(b"x" * 5000), repository.write_blob(b"y")
    with pytest.raises(InputError, match="at most 100 bytes"):
        repository.blobs([large], largest=100)
    assert repository.blobs([small], largest=100) == {small: b"y"}


def test_a_name_with_a_line_break_never_becomes_a_second_request(repository: Repository) -> None:
    commit = real_git(
        repository.path, "commit-tree", "-m", "x", real_git(repository.path, "mktree")
    )
    with pytest.raises(InputError, match="plain bytes"):
        repository.read(commit, "a\ncontents HEAD")


def test_a_killed_child_is_unavailable_and_the_next_request_starts_another(
    repository: Repository,
) -> None:
    blob = repository.write_blob(b"1")
    repository.blobs([blob])
    child = repository._reader._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with pytest.raises(Unavailable, match="ended before"):
        repository.blobs([blob])
    assert repository.blobs([blob]) == {blob: b"1"}


def test_a_child_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Repository.create(tmp_path / "r.git") as made:
        blob = made.write_blob(b"1")
    silent = tmp_path / "git"
    silent.write_text(
        f'#!/bin/sh\ncase "$*" in *cat-file*) exec sleep 60;; *) exec {shutil.which("git")} "$@";; '
        "esac\n"
    )
    silent.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with (
        Repository(tmp_path / "r.git", seconds=0.3) as repository,
        pytest.raises(Unavailable, match="did not answer"),
    ):
        repository.blobs([blob])


def test_several_threads_get_their_own_answers(repository: Repository) -> None:
    blobs = [NewObject("blob", b"%d" % i * 100) for i in range(200)]
    repository.write(blobs)
    wrong: list[ObjectId] = []

    def read() -> None:
        read = ((b, repository.blobs([b.id])[b.id]) for b in blobs)
        wrong.extend(blob.id for blob, content in read if content != blob.content)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong
