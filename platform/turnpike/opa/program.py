"""The ``opa`` program: where it is, which version it must have, and how it is started."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from turnpike.errors import Defect, Unavailable

MODULE = "github.com/open-policy-agent/opa"
PATH_VARIABLE = "TURNPIKE_OPA"
_PATIENCE_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MEMORY = {"GOGC": "400", "GOMEMLIMIT": "768MiB"}  # short lives: collect late, but within limits
_BUILD = "Set it up with `./turnpike set-up opa`."


@dataclass(frozen=True, slots=True)
class Program:
    """An ``opa`` that runs, and the version that it says it is."""

    path: Path
    version: str

    def command(self, *words: str) -> list[str]:
        """Return the command line of one of the program's verbs."""
        return [str(self.path), *words]


def pinned_version(go_mod: str) -> str:
    """Return the version that the text of ``tools/opa/go.mod`` pins, without its ``v``."""
    pin = re.search(rf"^\s*(?:require\s+)?{re.escape(MODULE)} v(\S+)", go_mod, re.MULTILINE)
    if pin is None:
        raise Defect(f"expected a pinned {MODULE} in tools/opa/go.mod, found none")
    return pin[1]


def find_program(environ: Mapping[str, str]) -> Path:
    """Return the path that the launcher named in ``TURNPIKE_OPA``, else the ``opa`` on PATH."""
    named = environ.get(PATH_VARIABLE)
    if named and Path(named).is_file():
        return Path(named)
    found = shutil.which("opa", path=environ.get("PATH"))
    if found:
        return Path(found)
    wanted = f"expected OPA at {named or PATH_VARIABLE}, or on PATH; found none"
    raise Unavailable(wanted, solution=_BUILD, code="opa.missing")


def program_at(path: Path, expected: str) -> Program:
    """Return the program there; it must run, and be of exactly the expected version."""
    with ask_version(path) as said:
        return said.program(expected)


def version_of(path: Path) -> str:
    """Return the version that the program says it is."""
    with ask_version(path) as said:
        return said.answer()


@contextmanager
def ask_version(path: Path) -> Iterator[VersionAsked]:
    """Start asking a program for its version; raises Unavailable where it does not start."""
    try:
        process = subprocess.Popen(
            [path, "version"],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise _silent(path, error) from error
    with process:
        try:
            yield VersionAsked(path, process)
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class VersionAsked:
    """A run of ``opa version``, which goes on until its answer is wanted."""

    path: Path
    process: subprocess.Popen[str]

    def program(self, expected: str) -> Program:
        """Return the program, once it has said that it is of exactly the expected version."""
        version = self.answer()
        if version != expected:
            raise Unavailable(
                f"expected OPA {expected} at {self.path}, found {version}",
                solution=_BUILD,
                code="opa.wrong-version",
            )
        return Program(self.path, version)

    def answer(self) -> str:
        """Return the version that the program says it is."""
        try:
            output, _ = self.process.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _silent(self.path, error) from error
        said = re.search(r"^Version: (\S+)$", output, re.MULTILINE)
        return said[1] if said else f"no version (exit code {self.process.returncode})"


def _silent(path: Path, error: Exception) -> Unavailable:
    message = f"expected {path} to say its version, got: {error}"
    return Unavailable(message, solution=_BUILD, code="opa.missing")


def start(
    command: Sequence[str], *, stdin: int, stdout: int | IO[bytes], stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start OPA so that it ends when the thread that started it does, whatever ends that."""
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=clean_environment(),
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - two system calls, no Python locks
        )
    except OSError as error:
        message = f"expected {command[0]} to start, got: {error.strerror}"
        raise Unavailable(message, solution=_BUILD, code="opa.missing") from error


def clean_environment() -> dict[str, str]:
    """Return an environment in which no variable of the caller changes what OPA does."""
    return {"HOME": os.devnull, "LANG": "C.UTF-8", "PATH": os.devnull, "TZ": "UTC"} | _MEMORY


def _die_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)

    return ask
