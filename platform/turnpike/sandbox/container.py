"""A container of Docker, or of Podman through Docker's API.

Source: the Docker CLI's reference of ``docker run``; the flags below are the design's demands.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from turnpike.errors import Defect, Unavailable
from turnpike.sandbox.engine import Engine
from turnpike.sandbox.interface import (
    SCRATCH,
    UNPRIVILEGED_ID,
    Job,
    Mount,
    Outcome,
    SandboxName,
    Stop,
)
from turnpike.sandbox.leftovers import OWNER
from turnpike.sandbox.staging import staged
from turnpike.sandbox.tree import Usage, usage_of
from turnpike.sandbox.watch import Watch

_CONFINED = (
    "--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
    "--user", f"{UNPRIVILEGED_ID}:{UNPRIVILEGED_ID}", "--ipc", "private", "--pull", "never",
    "--log-driver", "none", "--hostname", "sandbox", "--workdir", SCRATCH, "--entrypoint", "",
    "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--ulimit", "core=0:0",
)  # fmt: skip
_NOTHING = Usage((), 0.0)
# The engine's own cap is the second line. It kills one process and lets the others go on, so it
# leaves room for the tree's sum, which ends them all, to be seen first.
_HEADROOM = 2.0
_GRACE_SECONDS = 10
_CREATION_SECONDS = 10.0
_ENDING_SECONDS = 60.0
_STILL_ENDING = frozenset(("running", "stopping", "stopped"))
_CLIENT_FAILED, _KILLED = 125, "137"
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Container:
    """Runs jobs as containers of one engine."""

    engine: Engine
    name: ClassVar[SandboxName] = "container"

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        """Run the job in a new container, which is removed whichever way the run ends."""
        if job.program.image is None:
            raise Defect(f"The program {job.program.name} was not built as an image.")
        with staged(job.mounts) as mounts:
            run = _Run(self.engine, f"turnpike-{secrets.token_hex(8)}")
            command = (str(self.engine.client), "run", *_options(self.engine, run.name, job))
            process = subprocess.Popen(
                (*command, *_bound(mounts), job.program.image, *_inside(job)),
                env=self.engine.environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
            watch = Watch(process, job.limits, run.measure, lambda: run.remove(process))
            return run.checked(watch.to_the_end(stop))


@dataclass(slots=True)
class _Run:
    """One container: its name, where its first process is, and how it ended."""

    engine: Engine
    name: str
    pid: int = 0
    asked: float = 0.0
    ended: str = ""

    def measure(self) -> Usage:
        """Return what the container's processes use; nothing while the engine starts it."""
        if not self.pid and time.monotonic() - self.asked > 0.1:
            self._locate()
        return usage_of(self.pid) if self.pid else _NOTHING

    def _locate(self) -> None:
        answer = self.engine.ask("inspect", "--format", "{{.State.Pid}}", self.name)
        self.asked = time.monotonic()
        if not answer.output.isdecimal() or answer.output == "0":
            return
        if _is_first_of_a_namespace(int(answer.output)):
            self.pid = int(answer.output)
        elif not self.engine.limits_whole_containers:
            raise Unavailable(
                "The container's processes are not visible here (the engine runs in another "
                "machine), and the engine cannot cap memory and processes itself.",
                code="sandbox.unmeasurable",
                solution="Use an engine on this machine, or choose --sandbox bubblewrap.",
            )

    def remove(self, process: subprocess.Popen[bytes]) -> None:
        """Kill and remove the container, and end its client; says first how it ended."""
        if process.poll() is None:
            # The client may still be creating the container: nothing may come after its end.
            process.kill()
            process.wait()
            self._await_creation()
            self.engine.ask("kill", "--signal", "KILL", self.name)
        self.ended = self._state_at_the_end()
        self.engine.ask("rm", "--force", "--volumes", self.name)

    def _state_at_the_end(self) -> str:
        """Return the engine's word, which may come a moment after its client has ended."""
        state = "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}"
        give_up = time.monotonic() + _ENDING_SECONDS
        while True:
            said = self.engine.ask("inspect", "--format", state, self.name).output
            if said.partition(" ")[0] not in _STILL_ENDING or time.monotonic() >= give_up:
                return said
            time.sleep(0.1)

    def _await_creation(self) -> None:
        """Wait for a container whose creation the engine had begun when its client was ended."""
        give_up = time.monotonic() + _CREATION_SECONDS
        while not self.pid and time.monotonic() < give_up:
            if self.engine.ask("inspect", "--format", "{{.Name}}", self.name).output:
                return
            time.sleep(0.1)

    def checked(self, outcome: Outcome) -> Outcome:
        """Return the outcome of a container that ran; raises Unavailable for one that did not.

        The engine's word counts, not the client's: Podman's client may say 0 of a failed program.
        """
        if outcome.stopped:
            return outcome
        status, _, rest = self.ended.partition(" ")
        exit_code, _, out_of_memory = rest.partition(" ")
        if status != "exited" or outcome.exit_code == _CLIENT_FAILED:
            raise Unavailable(
                f"The container engine did not run the program: {outcome.log.strip()[-500:]}",
                code="sandbox.engine-failed",
                solution="Look at the engine's log, or choose --sandbox bubblewrap.",
            )
        # Nothing but the engine's cap on its memory kills a container that was not stopped here.
        was_capped = out_of_memory == "true" or (
            exit_code == _KILLED and self.engine.limits_whole_containers
        )
        return replace(outcome, exit_code=int(exit_code), stopped="memory" if was_capped else "")


def _options(engine: Engine, name: str, job: Job) -> Iterator[str]:
    yield from ("--name", name, "--label", f"{OWNER}={os.getpid()}", *_CONFINED)
    scratch = job.limits.scratch_mebibytes * _MEBIBYTE
    yield from ("--ulimit", f"fsize={scratch}:{scratch}", "--shm-size", "1m")
    yield from ("--tmpfs", f"{SCRATCH}:rw,nosuid,nodev,noexec,size={scratch},mode=1777")
    # Podman adds writable ones of its own unless these are taken.
    for folder in ("/run", "/var/tmp"):  # noqa: S108 - nothing is kept there
        yield from ("--tmpfs", f"{folder}:ro,nosuid,nodev,noexec,size=4k,mode=0555")
    if engine.limits_whole_containers:
        memory = int(job.limits.memory_mebibytes * _HEADROOM)
        yield from ("--memory", f"{memory}m", "--memory-swap", f"{memory}m")
        yield from ("--pids-limit", str(job.limits.processes * 2))


def _bound(mounts: tuple[Mount, ...]) -> Iterator[str]:
    for mount in mounts:
        yield from ("--mount", f"type=bind,src={mount.source},dst={mount.target},readonly")


def _inside(job: Job) -> Iterator[str]:
    # Ends by itself even when this process was killed and can end it no more.
    yield from ("/usr/bin/timeout", "--signal=KILL", str(job.limits.seconds + _GRACE_SECONDS))
    yield from ("/usr/bin/env", "-i", "PATH=/usr/bin:/bin", f"HOME={SCRATCH}")
    yield from (f"{name}={value}" for name, value in job.environment.items())
    yield from (*job.program.command, *job.arguments)


def _is_first_of_a_namespace(pid: int) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in lines)
