"""A folder appears whole or not at all, whatever happens to whoever makes it."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from turnpike.errors import InputError, Interrupted
from turnpike.instance.making import making

CHILD = """
import sys, time
from pathlib import Path
from turnpike.instance.making import making
with making(Path(sys.argv[1])) as partial:
    (partial / "half").mkdir()
    (partial / "half" / "done").write_text("x")
    print("in the middle", flush=True)
    time.sleep(60)
"""


def in_the_middle(folder: Path) -> subprocess.Popen[str]:
    """Return a process that makes the folder and stops half way."""
    search = os.pathsep.join(entry for entry in sys.path if entry)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        env={"PYTHONPATH": search},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "in the middle\n"
    return child


def end(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert child.stdout
    child.stdout.close()


def test_what_was_made_stands_in_its_place_and_nothing_beside_it(tmp_path: Path) -> None:
    with making(tmp_path / "new") as partial:
        (partial / "file").write_text("x")
        assert not (tmp_path / "new").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with making(tmp_path / "new") as partial:
            (partial / "file").write_text("x")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_after_a_kill_the_next_run_starts_over(tmp_path: Path) -> None:
    end(in_the_middle(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    with making(tmp_path / "new") as partial:
        assert [path.name for path in partial.iterdir()] == [".lock"]
    assert list((tmp_path / "new").iterdir()) == []


def test_a_second_process_is_told_that_there_is_a_first(tmp_path: Path) -> None:
    child = in_the_middle(tmp_path / "new")
    try:
        with pytest.raises(Interrupted, match="right now"), making(tmp_path / "new"):
            pytest.fail("both made it")
        assert (tmp_path / ".new.partial" / "half" / "done").exists()
    finally:
        end(child)


def test_an_empty_folder_is_taken_and_a_full_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with making(tmp_path / "empty") as partial:
        (partial / "file").write_text("x")
    assert (tmp_path / "empty" / "file").exists()
    with pytest.raises(InputError, match="empty folder"), making(tmp_path / "empty"):
        pytest.fail("it was overwritten")
    assert (tmp_path / "empty" / "file").read_text() == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="to be able to write"), making(tmp_path / "file" / "new"):
        pytest.fail("it was made in a file")


def test_what_a_killed_run_left_is_removed_though_its_child_still_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that the killed process had started ends later than it."""
    left = tmp_path / ".made.partial" / "half"
    left.mkdir(parents=True)
    (left / "done").write_text("x")
    remove, writes = shutil.rmtree, iter(range(3))

    def interrupted(folder: Path, *, ignore_errors: bool = False) -> None:
        if next(writes, None) is not None:
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder))
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with making(tmp_path / "made") as partial:
        assert [path.name for path in partial.iterdir()] == [".lock"]
    assert (tmp_path / "made").is_dir()
