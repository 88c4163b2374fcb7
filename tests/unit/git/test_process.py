from __future__ import annotations

import os
from pathlib import Path

import pytest

from turnpike.errors import Unavailable
from turnpike.git.process import Git, version


def _fake_git(folder: Path, script: str) -> str:
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(folder)


def test_the_git_of_this_machine_is_new_enough() -> None:
    assert version(os.environ["PATH"]).split(".")[0].isdigit()


def test_a_missing_git_is_unavailable_and_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="none that runs") as caught:
        version(str(tmp_path))
    assert "Install" in caught.value.solution


@pytest.mark.parametrize("said", ["git version 2.30.1", "git version 1.9", "no number"])
def test_a_git_that_is_too_old_is_unavailable(tmp_path: Path, said: str) -> None:
    with pytest.raises(Unavailable, match=r"Expected git 2\.38"):
        version(_fake_git(tmp_path, f"echo {said}"))


def test_a_git_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tmp_path / "late"
    child = f'(sleep 60; touch "{late}") & wait'
    stuck = f'case "$*" in --version) echo git version 2.40.0;; *) {child};; esac'
    monkeypatch.setenv("PATH", _fake_git(tmp_path, stuck) + os.pathsep + os.environ["PATH"])
    with pytest.raises(Unavailable, match="did not end within"):
        Git(tmp_path).run("log", seconds=0.3)
    assert not late.exists(), "it was waited for"


def test_a_failure_carries_the_words_of_git(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not a git repository"):
        Git(tmp_path).run("rev-parse", "HEAD")


def test_nothing_of_this_environment_reaches_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Eve")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Eve")
    Git(tmp_path).run("init", "-q", "--bare")
    said = Git(tmp_path).run("config", "--get", "user.name", accept=(0, 1))
    assert (said.code, said.out) == (1, b"")
