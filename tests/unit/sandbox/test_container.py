"""A container counts as run only where the engine says so, and is started with nothing to use.

That it confines is tried with real engines, in ``contracts/test_sandbox.py``.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Defect, Unavailable
from turnpike.sandbox.container import Container
from turnpike.sandbox.interface import Job, Limits, Mount, Outcome, Program
from unit.sandbox.engines import engine

PROGRAM = Program("test", digest_of(b""), ("python", "x.py"), image="sha256:1234")


def ran(folder: Path, job: Job | None = None, **bent: Any) -> Outcome:
    return Container(engine(folder, **bent)).run(job or Job(PROGRAM))


def words(folder: Path) -> list[str]:
    """Return the command line with which the container was started."""
    found: list[str] = json.loads((folder / "run.json").read_text())["words"]
    return found


def test_what_a_program_printed_and_how_it_ended_come_out(tmp_path: Path) -> None:
    outcome = ran(tmp_path, ends="exited 7 false", said="hello", code=7)
    assert (outcome.output, outcome.exit_code, outcome.stopped) == (b"hello", 7, "")


def test_the_engines_word_counts_and_not_the_clients(tmp_path: Path) -> None:
    """Podman's client may say 0 of a program that failed."""
    assert ran(tmp_path, ends="exited 3 false", said="all passed", code=0).exit_code == 3


@pytest.mark.parametrize(
    ("ends", "code"),
    [("", 0), ("created 0 false", 0), ("dead 0 false", 0), ("exited 0 false", 125), ("paused", 0)],
)
def test_what_the_engine_did_not_run_is_no_outcome(tmp_path: Path, ends: str, code: int) -> None:
    with pytest.raises(Unavailable) as failed:
        ran(tmp_path, ends=ends, said='{"checks": []}', code=code)
    assert failed.value.code == "sandbox.engine-failed"


@pytest.mark.parametrize(
    ("ends", "limits", "stopped"),
    [
        ("exited 137 true", True, "memory"),
        ("exited 1 true", False, "memory"),
        ("exited 137 false", True, "memory"),
        ("exited 137 false", False, ""),
        ("exited 1 false", True, ""),
    ],
)
def test_a_program_that_the_engine_killed_broke_its_memory(
    tmp_path: Path, ends: str, limits: bool, stopped: str
) -> None:
    assert ran(tmp_path, ends=ends, limits=limits).stopped == stopped


def test_a_program_that_was_not_built_as_an_image_is_a_defect_of_ours(tmp_path: Path) -> None:
    with pytest.raises(Defect):
        ran(tmp_path, Job(Program("test", digest_of(b""), ("x",))))
    assert not (tmp_path / "run.json").exists()


def test_a_container_gets_no_network_no_rights_and_no_file_that_it_could_change(
    tmp_path: Path,
) -> None:
    source = tmp_path / "artifact"
    source.write_text("bytes")
    ran(tmp_path, Job(PROGRAM, mounts=(Mount(source, "/inputs/artifact"),)))
    said = words(tmp_path)
    options = said[: said.index("sha256:1234")]
    pairs = set(pairwise(options))
    assert {
        ("--network", "none"),
        ("--cap-drop", "ALL"),
        ("--security-opt", "no-new-privileges"),
        ("--user", "65534:65534"),
        ("--pull", "never"),
        ("--entrypoint", ""),
    } <= pairs
    assert "--read-only" in options
    mounts = [value for option, value in pairs if option == "--mount"]
    assert [one.endswith(",dst=/inputs/artifact,readonly") for one in mounts] == [True]
    assert all(":ro," in v or v.startswith("/tmp:") for o, v in pairs if o == "--tmpfs")
    assert not {"--privileged", "--volume", "-v", "--env", "-e", "--device"} & set(options)


def test_what_is_mounted_is_a_copy_that_is_gone_afterwards(tmp_path: Path) -> None:
    source = tmp_path / "artifact"
    source.write_text("bytes")
    ran(tmp_path, Job(PROGRAM, mounts=(Mount(source, "/inputs/artifact"),)))
    (mount,) = (one for one in words(tmp_path) if one.startswith("type=bind"))
    shown = Path(mount.split(",")[1].removeprefix("src="))
    assert shown != source
    assert (shown.exists(), source.read_text()) == (False, "bytes")


def test_nothing_of_this_processs_environment_reaches_client_or_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "secret")
    ran(tmp_path, Job(PROGRAM, environment={"OMP_NUM_THREADS": "1"}))
    assert "secret" not in (tmp_path / "run.json").read_text()
    inside = words(tmp_path)[words(tmp_path).index("sha256:1234") :]
    assert inside[inside.index("-i") + 1 :] == [
        "PATH=/usr/bin:/bin", "HOME=/tmp", "OMP_NUM_THREADS=1", "python", "x.py",
    ]  # fmt: skip


def test_a_program_ends_by_itself_where_nobody_is_left_to_end_it(tmp_path: Path) -> None:
    ran(tmp_path, Job(PROGRAM, limits=Limits(seconds=30.0)))
    inside = words(tmp_path)[words(tmp_path).index("sha256:1234") + 1 :]
    assert inside[0] == "/usr/bin/timeout"
    assert 30.0 < float(inside[2]) <= 60.0


@pytest.mark.parametrize("limits", [True, False])
def test_memory_and_processes_are_capped_by_the_engine_where_it_can(
    tmp_path: Path, limits: bool
) -> None:
    ran(tmp_path, Job(PROGRAM, limits=Limits(memory_mebibytes=100)), limits=limits)
    assert ("--memory" in words(tmp_path), "--pids-limit" in words(tmp_path)) == (limits, limits)
