"""Bubblewrap: new namespaces around the program, with nothing in them but what was bound.

Source: bwrap(1). Its JSON status tells a program's end from a sandbox that never came to be.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Unavailable
from turnpike.sandbox.interface import (
    SCRATCH,
    UNPRIVILEGED_ID,
    Job,
    Mount,
    Outcome,
    Program,
    SandboxName,
    Stop,
)
from turnpike.sandbox.system_calls import system_call_filter
from turnpike.sandbox.tree import kill_tree, usage_of
from turnpike.sandbox.watch import Watch

_CONFINED = (
    "--unshare-all", "--unshare-user", "--disable-userns", "--new-session", "--die-with-parent",
    "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox",
    "--uid", str(UNPRIVILEGED_ID), "--gid", str(UNPRIVILEGED_ID),
)  # fmt: skip
_HOST = ("usr", "lib", "lib32", "lib64", "bin", "etc/ld.so.cache", "etc/alternatives")
_FOLDER = ("usr", "lib", "lib32", "lib64", "bin", "etc")
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """Runs jobs through the ``bwrap`` executable; needs user namespaces or root."""

    executable: Path
    name: ClassVar[SandboxName] = "bubblewrap"

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        """Run the job in new namespaces; killing their first process ends every other."""
        with _pipe() as (status, status_end), _filter() as rules:
            fixed = (str(self.executable), *_CONFINED, "--json-status-fd", str(status_end.fileno()))
            command = (*fixed, "--seccomp", str(rules.fileno()), *_world(job), *_inside(job))
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                pass_fds=(status_end.fileno(), rules.fileno()), start_new_session=True, env={},
            )  # fmt: skip
            status_end.close()
            watch = Watch(
                process, job.limits, lambda: usage_of(process.pid), lambda: kill_tree(process.pid)
            )
            outcome = watch.to_the_end(stop)
            return _checked(outcome, status.read())


def find_bubblewrap() -> Bubblewrap:
    """Return the sandbox, tried once; raises Unavailable where it cannot confine anything."""
    executable = shutil.which("bwrap")
    if executable is None:
        raise Unavailable(
            "No bubblewrap: there is no bwrap on PATH.",
            code="sandbox.bubblewrap-missing",
            solution="apt-get install bubblewrap",
        )
    sandbox = Bubblewrap(Path(executable))
    nothing = Program("try", digest_of(b""), ("/bin/true",))
    sandbox.run(Job(nothing))
    return sandbox


def _inside(job: Job) -> tuple[str, ...]:
    # The limits of the descriptors and files are the second line: the tree's sum is the first.
    scratch = job.limits.scratch_mebibytes * _MEBIBYTE
    limits = ("/usr/bin/prlimit", "--core=0", "--nofile=1024", f"--fsize={scratch}")
    return ("--", *limits, *job.program.command, *job.arguments)


def _world(job: Job) -> tuple[str, ...]:
    size = str(job.limits.scratch_mebibytes * _MEBIBYTE)
    return (
        *_root(job.program), "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev",
        "--size", size, "--perms", "1777", "--tmpfs", SCRATCH, "--dir", "/inputs",
        *_bound(_folders(job.program)), *_bound(job.mounts), "--remount-ro", "/",
        "--chdir", SCRATCH, *_environment(job),
    )  # fmt: skip


def _root(program: Program) -> Iterator[str]:
    folder = program.root.folder
    names = _HOST if folder is None else _FOLDER
    for name in names:
        yield from _shown(folder or Path("/"), name)
    interpreter = Path(sys.base_prefix)
    if folder is None and not interpreter.is_relative_to("/usr"):
        yield from ("--ro-bind", str(interpreter), str(interpreter))


def _shown(base: Path, name: str) -> tuple[str, ...]:
    path = base / name
    if path.is_symlink():
        return ("--symlink", str(path.readlink()), f"/{name}")
    return ("--ro-bind", str(path), f"/{name}") if path.exists() else ()


def _folders(program: Program) -> tuple[Mount, ...]:
    shown = ((program.pex, "/program"), (program.libraries, "/libraries"))
    return tuple(Mount(source, target) for source, target in shown if source is not None)


def _bound(mounts: tuple[Mount, ...]) -> Iterator[str]:
    for mount in mounts:
        yield from ("--ro-bind", str(mount.source.absolute()), mount.target)


def _environment(job: Job) -> Iterator[str]:
    for name, value in (("PATH", "/usr/bin:/bin"), ("HOME", SCRATCH), *job.environment.items()):
        yield from ("--setenv", name, value)


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as status, os.fdopen(writing, "wb") as end:
        yield status, end


@contextmanager
def _filter() -> Iterator[IO[bytes]]:
    rules = os.memfd_create("filter")
    with os.fdopen(rules, "w+b") as file:
        file.write(system_call_filter())
        file.flush()
        file.seek(0)
        yield file


def _checked(outcome: Outcome, status: bytes) -> Outcome:
    """Return the outcome of a program that ran; bubblewrap reports an exit only of such a one."""
    reports = [json.loads(line) for line in status.splitlines()]
    if outcome.stopped or any("exit-code" in report for report in reports):
        return outcome
    raise Unavailable(
        f"Bubblewrap could not confine the program: {outcome.log.strip() or 'it said nothing'}",
        code="sandbox.bubblewrap-failed",
        solution="Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1), or install "
        "a container engine: apt-get install podman runc uidmap",
    )
