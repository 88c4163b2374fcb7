"""A run counts as isolated only where the probe was refused and nobody came out to this side."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, IntegrityError
from turnpike.sandbox.interface import Job, Outcome, Program, SandboxName, Stop
from turnpike.validation.running import run_platform, run_team
from unit.validation.test_programs import GOOD, REQUEST

ENDED = Outcome(0, b"", "", "", 1.0, 1.0)
PROGRAM = Program("test", digest_of(b""), ("x",))
TEAM = {"probe": GOOD["probe"], "checks": []}


@dataclass
class Told:
    """A sandbox whose program says this, after it ``does`` something with its request."""

    said: object = field(default_factory=lambda: GOOD)
    does: Callable[[dict[str, Any]], None] = lambda _: None
    ends: Outcome = ENDED
    name: SandboxName = "bubblewrap"
    job: Job | None = None

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:  # noqa: ARG002 - the port's
        self.job = job
        (request,) = (m.source for m in job.mounts if m.target == "/inputs/request.json")
        self.does(json.loads(request.read_bytes()))
        said = json.dumps(self.said).encode()
        ends = self.ends
        return Outcome(ends.exit_code, said, ends.log, ends.stopped, 1.0, 1.0)


def reach(request: dict[str, Any]) -> None:
    host, port = request["bait"]["listeners"][0]
    socket.create_connection((host, port)).close()


def test_a_run_whose_probe_was_refused_everything_is_isolated(tmp_path: Path) -> None:
    assert run_platform(Told(), PROGRAM, tmp_path, REQUEST).isolated
    assert run_team(Told(TEAM), PROGRAM, tmp_path, REQUEST).isolated


def test_a_probe_that_got_through_is_no_isolation(tmp_path: Path) -> None:
    through = [*GOOD["probe"], {"name": "tcp", "refused": False, "detail": "open"}]  # type: ignore[misc]
    assert not run_platform(Told(GOOD | {"probe": through}), PROGRAM, tmp_path, REQUEST).isolated
    assert not run_team(Told(TEAM | {"probe": through}), PROGRAM, tmp_path, REQUEST).isolated


def test_a_probe_that_was_made_to_lie_does_not_hide_who_came_out(tmp_path: Path) -> None:
    assert not run_platform(Told(does=reach), PROGRAM, tmp_path, REQUEST).isolated
    assert not run_team(Told(TEAM, reach), PROGRAM, tmp_path, REQUEST).isolated


@pytest.mark.parametrize("said", [None, [], {}, GOOD | {"passed": True}, "x" * 100])
def test_output_that_is_not_as_it_must_be_is_no_result(tmp_path: Path, said: object) -> None:
    with pytest.raises(IntegrityError):
        run_platform(Told(said), PROGRAM, tmp_path, REQUEST)


@pytest.mark.parametrize(
    "ends",
    [
        Outcome(1, b"", "Traceback", "", 1.0, 1.0),
        Outcome(0, b"", "", "time", 1.0, 1.0),
        Outcome(0, b"", "", "memory", 1.0, 1.0),
        Outcome(-9, b"", "", "processes", 1.0, 1.0),
    ],
    ids=["crashed", "time", "memory", "processes"],
)
def test_what_was_printed_before_a_crash_or_a_limit_counts_for_nothing(
    tmp_path: Path, ends: Outcome
) -> None:
    with pytest.raises(InputError):
        run_platform(Told(ends=ends), PROGRAM, tmp_path, REQUEST)
    with pytest.raises(InputError):
        run_team(Told(TEAM, ends=ends), PROGRAM, tmp_path, REQUEST)


def test_the_program_is_given_the_artifact_and_the_request_and_one_thread(tmp_path: Path) -> None:
    sandbox = Told()
    run_platform(sandbox, PROGRAM, tmp_path, REQUEST)
    assert sandbox.job is not None
    assert {m.target for m in sandbox.job.mounts} == {"/inputs/request.json", "/inputs/artifact"}
    assert sandbox.job.environment["OMP_NUM_THREADS"] == "1"
    assert not [name for name in sandbox.job.environment if "TOKEN" in name or "KEY" in name]


def test_the_request_and_the_planted_key_are_gone_afterwards(tmp_path: Path) -> None:
    seen: list[Path] = []

    def look(request: dict[str, Any]) -> None:
        seen.append(Path(request["bait"]["key"]))
        assert seen[0].exists()

    sandbox = Told(does=look)
    run_platform(sandbox, PROGRAM, tmp_path, REQUEST)
    assert sandbox.job is not None
    (request,) = (m.source for m in sandbox.job.mounts if m.target == "/inputs/request.json")
    assert not seen[0].exists()
    assert not request.exists()
