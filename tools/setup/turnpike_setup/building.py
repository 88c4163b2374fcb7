"""Build a part at most once: a file lock against a second run, a marker against half a build."""

import fcntl
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from turnpike_setup.errors import SetupError
from turnpike_setup.progress import say

MARKER = ".complete"
SHOWN_LINES = 15


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder being built, while this process holds its file lock."""

    folder: Path
    lock: int

    def run(
        self, command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None
    ) -> str:
        """Run a command to its end and return what it printed.

        The command inherits the file lock: were the set-up killed, a second one would still wait
        for the command that goes on writing into the folder.

        Raises:
            SetupError: the command can't be started, or ends with anything but 0.
        """
        argv = [str(word) for word in command]
        try:
            done = subprocess.run(
                argv, env=dict(env), cwd=cwd, text=True, errors="replace", check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                pass_fds=(self.lock,),
            )  # fmt: skip
        except OSError as error:
            raise SetupError(f"can't run {argv[0]}: {error}", f"see that {argv[0]} runs") from None
        if done.returncode != 0:
            raise SetupError(_failure(argv, done.returncode, done.stdout), shlex.join(argv))
        return done.stdout


def is_built(folder: Path, program: str) -> bool:
    """Whether a part is whole, and its program (a path in the folder) is no dangling link."""
    return (folder / MARKER).is_file() and (folder / program).exists()


def build_once(folder: Path, program: str, build: Callable[[Workshop], None]) -> None:
    """Build a folder unless it is whole already; what a killed run left is built afresh.

    The folder is built in place, not renamed into place, because environments hold their own path.
    """
    if is_built(folder, program):
        return
    with held(folder) as lock:
        if is_built(folder, program):
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        build(Workshop(folder, lock))
        (folder / MARKER).touch()


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Hold the file lock of a part, whose file descriptor is given; wait for it if need be.

    Raises:
        SetupError: nothing can be written there.
    """
    with _lock_file(folder) as handle:
        _lock(handle.fileno(), folder.name)
        yield handle.fileno()


def _lock_file(folder: Path) -> TextIO:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder.with_name(f".{folder.name}.lock").open("w")
    except OSError as error:
        message = f"expected to write to the cache {folder.parent}, got: {error.strerror}"
        raise SetupError(
            message, "TURNPIKE_CACHE=/some/folder and the same command again"
        ) from None


def _lock(handle: int, name: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"waiting for another set-up, which is building {name} …")
        fcntl.flock(handle, fcntl.LOCK_EX)


def _failure(argv: Sequence[str], code: int, output: str) -> str:
    tail = "\n".join(f"  | {line}" for line in output.splitlines()[-SHOWN_LINES:])
    return f"expected exit code 0 of {Path(argv[0]).name}, got {code}; its last lines:\n{tail}"
