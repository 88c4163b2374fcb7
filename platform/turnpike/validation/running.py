"""One run of a program on one artifact: request in, parsed output and the facts of the run out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from turnpike.documents.canonical import canonical_document
from turnpike.sandbox.container import Container
from turnpike.sandbox.interface import Job, Limits, Mount, Outcome, Program, Sandbox, Stop
from turnpike.validation.bait import Planted, planted
from turnpike.validation.programs import (
    PlatformOutput,
    ProbeResult,
    ProgramRequest,
    TeamOutput,
    parse_platform,
    parse_team,
    refuse_failure,
)

# One thread: the same arithmetic in the same order on every machine.
_ENVIRONMENT = {
    "JOBLIB_MULTIPROCESSING": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0",
}  # fmt: skip

_Said = TypeVar("_Said", PlatformOutput, TeamOutput)


@dataclass(frozen=True, slots=True)
class Finished(Generic[_Said]):
    """A run that ended well: what it said, how it went, and whether it was truly confined."""

    output: _Said
    outcome: Outcome
    isolated: bool


def run_platform(
    sandbox: Sandbox, program: Program, artifact: Path, request: ProgramRequest,
    limits: Limits = Limits(), stop: Stop | None = None,  # noqa: B008 - frozen
) -> Finished[PlatformOutput]:  # fmt: skip
    """Run the platform's program on an artifact folder.

    Raises InputError for a broken limit, a crash or a refused artifact, IntegrityError for output
    that is not as it must be, Unavailable when there was no run at all.
    """
    with _prepared(sandbox, artifact, request) as (mounts, bait):
        outcome = sandbox.run(_job(program, mounts, limits), stop)
        refuse_failure(outcome, limits)
        output = parse_platform(outcome.output, request)
        return Finished(output, outcome, _is_isolated(output.probe, bait))


def run_team(
    sandbox: Sandbox, program: Program, artifact: Path, request: ProgramRequest,
    limits: Limits = Limits(), stop: Stop | None = None,  # noqa: B008 - frozen
) -> Finished[TeamOutput]:  # fmt: skip
    """Run a team's checks on an artifact folder; raises as ``run_platform`` does."""
    with _prepared(sandbox, artifact, request) as (mounts, bait):
        outcome = sandbox.run(_job(program, mounts, limits), stop)
        refuse_failure(outcome, limits)
        output = parse_team(outcome.output)
        return Finished(output, outcome, _is_isolated(output.probe, bait))


@contextmanager
def _prepared(
    sandbox: Sandbox, artifact: Path, request: ProgramRequest
) -> Iterator[tuple[tuple[Mount, ...], Planted]]:
    with planted(_engine_sockets(sandbox)) as bait, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "request.json"
        file.write_bytes(canonical_document(request.model_copy(update={"bait": bait.bait})))
        mounts = (Mount(file, "/inputs/request.json"), Mount(artifact, "/inputs/artifact"))
        yield mounts, bait


def _engine_sockets(sandbox: Sandbox) -> tuple[str, ...]:
    address = sandbox.engine.host if isinstance(sandbox, Container) else ""
    return (address.removeprefix("unix://"),) if address.startswith("unix://") else ()


def _job(program: Program, mounts: tuple[Mount, ...], limits: Limits) -> Job:
    return Job(program, mounts=mounts, limits=limits, environment=_ENVIRONMENT)


def _is_isolated(probe: tuple[ProbeResult, ...], bait: Planted) -> bool:
    return all(result.refused for result in probe) and not bait.was_reached()
