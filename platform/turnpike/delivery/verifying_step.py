"""The verifying step as ``manifests.yaml`` renders it, and how the same step runs on this machine.

A container gets its folders mounted; here the two paths in the arguments take the mounts' place.
Everything else of the command is used as it stands.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import turnpike
from turnpike.documents.identifiers import Digest
from turnpike.errors import InvalidDocument, Problem, Unavailable
from turnpike.rendering.artifact import VERIFYING, VERIFYING_OPTIONS, is_verifying

_SERVICE = "InferenceService"
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class VerifyingStep:
    """The rendered command of the init container: what it compares, and with which arguments."""

    command: tuple[str, ...]
    arguments: tuple[str, ...]

    @property
    def digest(self) -> Digest:
        """Return the digest that the step demands."""
        return Digest(self.arguments[1])

    def demanding(self, digest: Digest) -> VerifyingStep:
        """Return the same step for another artifact."""
        name, _, *rest = self.arguments
        return VerifyingStep(self.command, (name, digest, *rest))

    def with_folders(self, source: Path, destination: Path) -> tuple[str, ...]:
        """Return the same command, for this machine's Python and folders."""
        mounts = {self.arguments[3]: str(source), self.arguments[5]: str(destination)}
        arguments = (mounts.get(argument, argument) for argument in self.arguments)
        return (sys.executable, *self.command[1:], *arguments)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the step said: ``message`` is its own text, for people."""

    exit_code: int
    message: str


def verifying_step(manifests: bytes, name: str) -> VerifyingStep | None:
    """Return the step of a deployment; None where nothing is served from an artifact.

    ``name`` is what messages call the file. Raises InvalidDocument where a service is rendered
    without exactly this step: then nobody may serve it.
    """
    services = [item for item in _objects(manifests, name) if _of(item, "kind") == _SERVICE]
    if not services:
        return None
    steps = [step for service in services for step in _steps(service)]
    if len(steps) != 1 or not _is_complete(steps[0]):
        raise _refusal(
            name, f"one init container {VERIFYING} with {' '.join(VERIFYING_OPTIONS)}", "another"
        )
    return steps[0]


def run(step: VerifyingStep, source: Path, destination: Path) -> Verification:
    """Run the step as a process of its own and return what it said."""
    command = step.with_folders(source, destination)
    try:
        ended = subprocess.run(
            command,
            env={"PATH": os.defpath, "PYTHONPATH": _source_root(), "PYTHONNOUSERSITE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(
            f"{VERIFYING}: expected it to run to its end, found {error}",
            code="serving.verifying-step",
            solution="Run the same command again; `turnpike doctor` shows what is missing.",
        ) from error
    return Verification(ended.returncode, (ended.stderr or ended.stdout).strip())


def _source_root() -> str:
    return str(Path(turnpike.__file__).resolve().parent.parent)


def _objects(manifests: bytes, name: str) -> list[object]:
    import yaml

    try:
        return list(yaml.load_all(manifests, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise _refusal(name, "rendered Kubernetes objects", "text that is not YAML") from error


def _steps(service: object) -> Iterator[VerifyingStep]:
    containers = _of(_of(_of(service, "spec"), "predictor"), "initContainers")
    for container in containers if isinstance(containers, list) else []:
        if _of(container, "name") == VERIFYING:
            yield VerifyingStep(_texts(_of(container, "command")), _texts(_of(container, "args")))


def _is_complete(step: VerifyingStep) -> bool:
    # The file says which program runs, so only the one program may be run that it can say.
    return is_verifying(step.command, step.arguments)


def _of(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _refusal(name: str, expected: str, actual: str) -> InvalidDocument:
    return InvalidDocument((Problem(name, 0, "", expected, actual),))
