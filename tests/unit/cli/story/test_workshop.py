"""What people of the story do by hand: in whose name, on what text, and what is heard of verbs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from turnpike.cli.story.cast import HERO as SAMPLE
from turnpike.cli.story.workshop import Running, Workshop, broken
from turnpike.documents.reading import read
from turnpike.errors import Defect
from turnpike.topology.organisation import ORGANISATION
from unit.instance.aurora import ROOT, Aurora, git


@pytest.fixture
def workshop(aurora: Aurora, tmp_path: Path) -> Workshop:
    git(tmp_path, "clone", "-q", "--single-branch", str(aurora.instance.host), "monorepo")
    content = (ROOT / "policies" / "data" / "organisation.yaml").read_bytes()
    organisation = read(ORGANISATION, content, "organisation.yaml")
    return Workshop(tmp_path, ROOT, organisation)


@contextmanager
def saying(said: Path, program: str) -> Iterator[Running]:
    """Run a program as a verb would run beside the story."""
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=output
        )
    try:
        yield Running(("serve",), said, process)
    finally:
        process.kill()
        process.communicate()


@dataclass
class LastWords:
    """A process that says its last words, and ends, just while it is asked whether it runs."""

    said: Path

    def poll(self) -> int:
        self.said.write_text("Serving\n", "utf-8")
        return 0


def test_what_was_heard_is_not_heard_again(tmp_path: Path) -> None:
    program = "print('one\\ntwo', flush=True); input(); print('three one')"
    with saying(tmp_path / "said", program) as running:
        assert running.hear("two") == "one\ntwo\n"
        assert running.process.stdin is not None
        running.process.stdin.write(b"\n")
        running.process.stdin.close()
        assert running.hear("one") == "three one\n"
        assert running.end() == ""


def test_the_last_words_of_a_verb_are_heard(tmp_path: Path) -> None:
    said = tmp_path / "said"
    said.touch()
    process = cast("subprocess.Popen[bytes]", LastWords(said))
    assert Running(("serve",), said, process).hear("Serving") == "Serving\n"


def test_half_a_letter_is_waited_for(tmp_path: Path) -> None:
    said = tmp_path / "said"
    name = "Maria López\n".encode()
    program = f"""if True:
        import sys, time
        for part in ({name[:8]!r}, {name[8:]!r} + b"ready"):
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
            time.sleep(0.5)
        input()"""
    with saying(said, program) as running:
        assert running.hear("Maria")
        assert running.hear("ready") == "ópez\nready"


def test_a_verb_that_ends_without_the_word_is_a_defect_that_says_what_it_said(
    tmp_path: Path,
) -> None:
    with (
        saying(tmp_path / "said", "print('turnpike: no')") as running,
        pytest.raises(Defect, match=r"turnpike serve: expected 'Serving', got 'turnpike: no"),
    ):
        running.hear("Serving")


def test_a_verb_that_ends_badly_is_a_defect(tmp_path: Path) -> None:
    with (
        saying(tmp_path / "said", "raise SystemExit(3)") as running,
        pytest.raises(Defect, match="expected exit code 0"),
    ):
        running.end()


def test_a_draft_is_brought_whole_and_committed_in_its_authors_name(workshop: Workshop) -> None:
    workshop.start("draft")
    left = workshop.monorepo / SAMPLE.folder / "left-over.txt"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("from before")
    workshop.bring(SAMPLE)
    (workshop.monorepo / "beside.txt").write_text("not of the sample")
    workshop.commit(SAMPLE, "Add it")
    assert not left.exists()
    author = workshop.person(SAMPLE.author)
    told = workshop.git("log", "-1", "--format=%an <%ae> %cn", "--name-only")
    assert told.splitlines()[0] == f"{author.name} <{author.email}> {author.name}"
    assert "beside.txt" not in told


def test_a_text_is_replaced_only_where_it_stands_once(workshop: Workshop) -> None:
    workshop.bring(SAMPLE)
    card = workshop.monorepo / SAMPLE.folder / "card.md"
    card.write_text("one two two")
    workshop.edit(SAMPLE, "card.md", "one", "1")
    assert card.read_text() == "1 two two"
    for old, times in (("two", 2), ("one", 0)):
        with pytest.raises(Defect, match=f"found it {times} times"):
            workshop.edit(SAMPLE, "card.md", old, "2")
    assert card.read_text() == "1 two two"


def test_a_second_working_folder_leaves_the_first_where_it_is(workshop: Workshop) -> None:
    workshop.start("first")
    second = workshop.worktree("second")
    assert second.git("branch", "--show-current") == "second"
    assert workshop.git("branch", "--show-current") == "first"
    assert second.monorepo != workshop.monorepo


def test_what_git_refuses_is_a_defect_unless_that_is_the_story(workshop: Workshop) -> None:
    with pytest.raises(Defect, match="git switch no-such-branch"):
        workshop.git("switch", "no-such-branch")
    assert "no-such-branch" in workshop.git("switch", "no-such-branch", fails=True)
    with pytest.raises(Defect, match="git status"):
        workshop.git("status", fails=True)


@pytest.mark.parametrize("rights", [0o444, 0o640])
def test_a_broken_file_is_whole_again_at_the_end_whatever_happens(
    tmp_path: Path, rights: int
) -> None:
    file = tmp_path / "model.skops"
    file.write_bytes(b"whole")
    file.chmod(rights)
    with suppress(ValueError), broken(file):
        content = file.read_bytes()
        raise ValueError(content)
    assert sum(one != other for one, other in zip(content, b"whole", strict=True)) == 1
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"whole", rights)
