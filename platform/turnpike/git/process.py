"""One run of the real git: a cleared environment, a time limit, an answer in bytes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from turnpike.errors import Defect, Unavailable

OLDEST = (2, 38, 0)
SECONDS = 120.0

_HARDENED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",  # a file that cannot exist
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.fsmonitor=false",
    "core.commitGraph=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.ext.allow=never",
    # Where a host sends one elsewhere, the header with the token would go along.
    "http.followRedirects=false",
)


_REMOTE = frozenset(("fetch", "ls-remote", "push"))
_OWN_END = "`git fsck` in that repository tells whether it is whole."
_OTHER_END = (
    "See that the Git host answers and that the token is let in there, then run the command again:"
    " runbooks/GitHostUnavailable.md."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run of git left behind."""

    code: int
    out: bytes
    error: str


@dataclass(frozen=True, slots=True)
class Git:
    """git on one git directory; ``environment`` is all that it is told beside the hardening."""

    git_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # a token may be in it

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        seconds: float = SECONDS,
        accept: tuple[int, ...] = (0,),
    ) -> Answer:
        """Run one command; raises Unavailable for a time-out or an exit code not accepted."""
        child = self.start(*arguments, stderr=subprocess.PIPE)
        try:
            out, error = child.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as expired:
            raise Unavailable(
                f"git {arguments[0]} did not end within {seconds:g} s in {self.git_dir}.",
                solution="Look for a stuck disk, lock or remote, then run the command again.",
                code="git.timeout",
            ) from expired
        finally:
            end(child)
        answer = Answer(child.returncode, out, error.decode("utf-8", "replace").strip())
        if answer.code not in accept:
            raise self._failure(arguments, answer)
        return answer

    def start(self, *arguments: str, stderr: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a command with pipes for its input and output; the caller ends it."""
        version(os.environ.get("PATH", os.defpath))
        settings = (part for setting in _SETTINGS for part in ("-c", setting))
        return subprocess.Popen(
            ["git", f"--git-dir={self.git_dir}", *settings, *arguments],
            cwd=self.git_dir,
            env=self._all_variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
            bufsize=0,
        )

    def _all_variables(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), **_HARDENED, **self.environment}

    def _failure(self, arguments: tuple[str, ...], answer: Answer) -> Unavailable:
        is_remote = arguments[0] in _REMOTE
        return Unavailable(
            f"git {arguments[0]} failed with exit code {answer.code} in {self.git_dir}: "
            f"{answer.error or 'it said nothing'}",
            solution=_OTHER_END if is_remote else _OWN_END,
            code="git.remote-failed" if is_remote else "git.failed",
        )


@dataclass(frozen=True, slots=True)
class Pipes:
    """The input and the output of a child."""

    stdin: IO[bytes]
    stdout: IO[bytes]


def pipes_of(child: subprocess.Popen[bytes]) -> Pipes:
    """Return the pipes of a child that was started with them."""
    if child.stdin is None or child.stdout is None:
        raise Defect("A child process was started without pipes.")
    return Pipes(child.stdin, child.stdout)


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child and everything that it started, and wait for it."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None and not pipe.closed:
            pipe.close()


@cache
def version(search_path: str) -> str:
    """Return the version of the git that is first on a PATH; raises Unavailable if it won't do."""
    try:
        said = subprocess.run(
            ["git", "--version"],
            env={"PATH": search_path, "LC_ALL": "C"},
            capture_output=True,
            check=True,
            timeout=SECONDS,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as error:
        raise _missing(f"none that runs ({error})") from error
    numbers = re.search(r"\d+(\.\d+)+", said)
    found = tuple(map(int, numbers[0].split("."))) if numbers else ()
    if numbers is None or found < OLDEST:
        raise _missing(said.strip())
    return numbers[0]


def _missing(found: str) -> Unavailable:
    wanted = ".".join(map(str, OLDEST))
    return Unavailable(
        f"Expected git {wanted} or newer on PATH, found {found}.",
        solution="Install a newer git, for instance: apt-get install git",
        code="git.missing",
    )
