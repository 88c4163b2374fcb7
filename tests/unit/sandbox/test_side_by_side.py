"""Several jobs at once."""

from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Interrupted, Unavailable
from turnpike.sandbox.interface import Job, Outcome, Program, SandboxName, Stop
from turnpike.sandbox.side_by_side import run_side_by_side


@dataclass(frozen=True)
class Clock:
    """Runs nothing: waits as long as the job's program is named, unless it is stopped."""

    name: ClassVar[SandboxName] = "bubblewrap"
    stopped: list[str] = field(default_factory=list)

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        if job.program.name == "broken":
            raise Unavailable("no sandbox")
        if stop is not None and stop.wait(float(job.program.name)):
            self.stopped.append(job.program.name)
            raise Interrupted("stopped")
        return Outcome(0, job.program.name.encode(), "", "", 0.0, 0.0)


def _job(name: str) -> Job:
    return Job(Program(name, digest_of(b""), ()))


def test_outcomes_keep_the_order_of_the_jobs() -> None:
    outcomes = run_side_by_side(Clock(), [_job("0.2"), _job("0.0"), _job("0.1")])
    assert [outcome.output for outcome in outcomes] == [b"0.2", b"0.0", b"0.1"]


def test_the_first_failure_stops_the_others_and_is_the_one_raised() -> None:
    clock = Clock()
    with pytest.raises(Unavailable, match="no sandbox"):
        run_side_by_side(clock, [_job("600"), _job("broken"), _job("601")])
    assert "600" in clock.stopped
