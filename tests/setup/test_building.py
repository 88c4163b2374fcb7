"""A part is built once, wholly, by one process at a time."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from turnpike_setup.building import Workshop, build_once, is_built
from turnpike_setup.errors import SetupError

PROGRAM = "program"


def write_program(workshop: Workshop) -> None:
    (workshop.folder / PROGRAM).write_text("ready", encoding="utf-8")


def test_a_whole_part_is_not_built_again(tmp_path: Path) -> None:
    folder = tmp_path / "part"
    build_once(folder, PROGRAM, write_program)
    (folder / PROGRAM).write_text("kept", encoding="utf-8")
    build_once(folder, PROGRAM, write_program)
    assert (folder / PROGRAM).read_text(encoding="utf-8") == "kept"


def test_a_part_whose_program_is_gone_is_built_again(tmp_path: Path) -> None:
    folder = tmp_path / "part"
    build_once(folder, PROGRAM, write_program)
    (folder / PROGRAM).unlink()
    assert not is_built(folder, PROGRAM)
    build_once(folder, PROGRAM, write_program)
    assert is_built(folder, PROGRAM)


def test_a_failed_build_counts_as_nothing_and_leaves_no_rest_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "part"

    def fail(workshop: Workshop) -> None:
        (workshop.folder / "rest").touch()
        raise SetupError("broken", "mend it")

    with pytest.raises(SetupError):
        build_once(folder, PROGRAM, fail)
    assert not is_built(folder, PROGRAM)
    build_once(folder, PROGRAM, write_program)
    assert not (folder / "rest").exists()


def test_two_at_once_build_once(tmp_path: Path) -> None:
    built: list[int] = []

    def build(workshop: Workshop) -> None:
        built.append(1)
        time.sleep(0.05)
        write_program(workshop)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: build_once(tmp_path / "part", PROGRAM, build), range(4)))
    assert len(built) == 1


def test_after_a_kill_the_next_run_builds_from_the_start(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from turnpike_setup.building import build_once\n"
        "def build(workshop):\n"
        "    (workshop.folder / 'half').touch(); os.kill(os.getpid(), signal.SIGKILL)\n"
        "build_once(Path(sys.argv[1]), 'program', build)\n"
    )
    folder = tmp_path / "part"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", script, str(folder)], env=env, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (folder / "half").exists()
    assert not is_built(folder, PROGRAM)
    build_once(folder, PROGRAM, write_program)
    assert is_built(folder, PROGRAM)
    assert not (folder / "half").exists()


def test_a_failing_command_shows_its_last_lines_and_itself(tmp_path: Path) -> None:
    def build(workshop: Workshop) -> None:
        workshop.run(["sh", "-c", "echo the reason; exit 7"], os.environ)

    with pytest.raises(SetupError, match=r"(?s)got 7.*the reason") as caught:
        build_once(tmp_path / "part", PROGRAM, build)
    assert caught.value.fix == "sh -c 'echo the reason; exit 7'"


def test_a_cache_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="expected to write to the cache") as error:
        build_once(tmp_path / "file" / "environments" / "core", PROGRAM, write_program)
    assert "TURNPIKE_CACHE" in error.value.fix
