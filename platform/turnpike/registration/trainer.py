"""Starts the child process that trains, follows it, and says what went wrong in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

import turnpike
from turnpike.errors import Defect, InputError
from turnpike.registration.training import ARTIFACT, FAILURE

_STOP_SECONDS = 5.0
_SAID = "training.log"
_SECRET = re.compile(r"(TURNPIKE|MLFLOW)_.*(TOKEN|SECRET|PASSWORD).*")


class _Failure(BaseModel):
    """What the child says of a model that it could not train."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    code: str
    message: str
    solution: str


@dataclass(frozen=True, slots=True)
class Training:
    """A training that runs: ``wait`` gives the artifact folder of each model, in their order."""

    process: subprocess.Popen[str]
    folders: tuple[Path, ...]
    outs: tuple[Path, ...]
    log: Path

    def wait(self, report: Callable[[str], None]) -> tuple[Path, ...]:
        """Return the artifact folders; raises InputError for the first model that failed."""
        for line in self.process.stdout or ():
            report(f"training {Path(line.strip()).name}")
        code = self.process.wait()
        return tuple(
            self._artifact(folder, out, code)
            for folder, out in zip(self.folders, self.outs, strict=True)
        )

    def _artifact(self, folder: Path, out: Path, code: int) -> Path:
        failure = out / FAILURE
        if failure.is_file():
            raise _failure(failure)
        artifact = out / ARTIFACT
        if code == 0 and artifact.is_dir():
            return artifact
        raise InputError(
            f"{folder}: expected the training to end, found that its process stopped with "
            f"status {code}: {_last_lines(self.log)}",
            code="training.stopped",
            solution="Memory or a crash inside a library is the usual reason; run it again with a "
            "smaller model.",
        )


@contextmanager
def training(folders: Sequence[Path]) -> Iterator[Training]:
    """Train the models of some folders in one child process, in a scratch folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="turnpike-training-") as scratch:
        outs = tuple(Path(scratch) / str(number) for number in range(len(folders)))
        for out in outs:
            out.mkdir()
        log = Path(scratch) / _SAID
        with log.open("w", encoding="utf-8") as stream:
            process = _start(folders, outs, stream.fileno())
        try:
            yield Training(process, tuple(folders), outs, log)
        finally:
            _stop(process)


def _start(folders: Sequence[Path], outs: Sequence[Path], log: int) -> subprocess.Popen[str]:
    pairs = [str(path.absolute()) for pair in zip(folders, outs, strict=True) for path in pair]
    return subprocess.Popen(
        [sys.executable, "-m", "turnpike.registration.training", *pairs],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Return the environment of a training: the person's own, with what makes bytes repeat.

    What opens a registry or a Git host is not for the team's code.
    """
    source = Path(turnpike.__file__ or "").parent.parent
    own = {name: value for name, value in os.environ.items() if not _SECRET.fullmatch(name)}
    repeatable = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**own, **repeatable, "PYTHONPATH": str(source)}


def _stop(process: subprocess.Popen[str]) -> None:
    """End the child and the forks in which teams' code runs, which are all in its session."""
    _signal(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    _signal(process, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _failure(path: Path) -> InputError:
    try:
        said = _Failure.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise Defect(f"the training process wrote a strange failure: {error}") from error
    return InputError(said.message, solution=said.solution, code=said.code)


def _last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " / ".join(lines[-3:])[:500] or "it said nothing"
