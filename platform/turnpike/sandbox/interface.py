"""What is run, within which limits, and what came out of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from turnpike.documents.identifiers import Digest

SandboxName = Literal["container", "bubblewrap"]
Stopped = Literal["", "time", "memory", "output", "processes"]

UNPRIVILEGED_ID = 65534
SCRATCH = "/tmp"  # noqa: S108 - the private one inside, gone with the run


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of this machine, shown read-only at an absolute path inside."""

    source: Path
    target: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that the whole process tree may take before it is killed.

    ``seconds`` is wall-clock time; ``output_bytes`` caps the standard output alone;
    ``scratch_mebibytes`` sizes the private ``/tmp``, the only place that can be written to.
    """

    memory_mebibytes: int = 2048
    processes: int = 64
    seconds: float = 120.0
    output_bytes: int = 16 * 1024 * 1024
    scratch_mebibytes: int = 64


@dataclass(frozen=True, slots=True)
class Root:
    """A file system to run on: a folder to show as ``/``, or None for this machine's ``/usr``."""

    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """What was built to be run, as an image (containers) or as folders (bubblewrap).

    ``inputs`` is the digest of everything it was built from. ``pex`` is shown at ``/program`` and
    ``libraries`` at ``/libraries``; inside an image both are there already.
    """

    name: str
    inputs: Digest
    command: tuple[str, ...]
    image: str | None = None
    pex: Path | None = None
    libraries: Path | None = None
    root: Root = Root()


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a program on read-only inputs."""

    program: Program
    arguments: tuple[str, ...] = ()
    mounts: tuple[Mount, ...] = ()
    limits: Limits = Limits()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: its output is untrusted, whatever the exit code says.

    ``stopped`` names the limit that ended it; empty when it ended by itself. ``log`` is the
    beginning of the standard error, with unprintable characters escaped.
    """

    exit_code: int
    output: bytes
    log: str
    stopped: Stopped
    seconds: float
    peak_memory_mebibytes: float


class Stop(threading.Event):
    """Set from another thread, it ends a run early, which then raises Interrupted."""


class Sandbox(Protocol):
    """Runs a job confined; every run is a new world that is gone afterwards."""

    @property
    def name(self) -> SandboxName:
        """Which kind of confinement this is, as evidence records it."""
        ...

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        """Run the job to its end or to its first broken limit.

        Raises Unavailable when the sandbox could not be set up, Interrupted when ``stop`` was set.
        """
        ...
