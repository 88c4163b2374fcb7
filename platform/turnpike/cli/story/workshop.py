"""What the people of the story do outside of Turnpike: edit files, commit, break things."""

from __future__ import annotations

import codecs
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from turnpike.cli.story.cast import Sample
from turnpike.errors import Defect
from turnpike.topology.organisation import Organisation, Person

_PATIENCE_SECONDS = 900.0
_LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Workshop:
    """A clone that the personas work in; ``product`` is where the drafts come from.

    ``folder`` is another working folder of that clone than its own.
    """

    instance: Path
    product: Path
    organisation: Organisation
    folder: Path | None = None

    @property
    def monorepo(self) -> Path:
        """Return the clone's working folder."""
        return self.folder or self.instance / "monorepo"

    def person(self, name: str) -> Person:
        """Return a persona of the organisation."""
        return next(person for person in self.organisation.people if person.id == name)

    def git(self, *words: str, by: str | None = None, fails: bool = False) -> str:
        """Run git in the clone, in the name of a persona; returns what it printed."""
        named: tuple[str, ...] = ()
        if by:
            who = self.person(by)
            named = ("-c", f"user.name={who.name}", "-c", f"user.email={who.email}")
        done = subprocess.run(
            ["git", "-C", str(self.monorepo), *named, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        if bool(done.returncode) != fails:
            raise Defect(f"git {' '.join(words)}: {done.stdout}{done.stderr}")
        return f"{done.stdout}{done.stderr}".strip()

    def bring(self, sample: Sample) -> None:
        """Copy a draft of the product into the clone."""
        folder = self.monorepo / sample.folder
        shutil.rmtree(folder, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(self.product / sample.folder, folder, ignore=ignored)

    def start(self, branch: str) -> None:
        """Start a branch at main as the host has it now; files that are not in Git stay."""
        self.git("fetch", "--quiet", "origin")
        self.git("switch", "--quiet", "--force-create", branch, "origin/main")

    def commit(self, sample: Sample, message: str) -> None:
        """Commit the folder of a sample in its author's name."""
        self.git("add", "--", sample.folder)
        self.git("commit", "--quiet", "--message", message, "--", sample.folder, by=sample.author)

    def edit(self, sample: Sample, file: str, old: str, new: str) -> None:
        """Replace a text that stands in a sample's file exactly once."""
        path = self.monorepo / sample.folder / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise Defect(f"{path}: expected {old!r} once, found it {text.count(old)} times")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def artifact_file(self, digest: str) -> Path:
        """Return the largest file of a stored artifact."""
        folder = self.instance / "store" / "local" / digest.removeprefix("sha256:")
        return max((f for f in folder.rglob("*") if f.is_file()), key=lambda f: f.stat().st_size)

    def worktree(self, branch: str) -> Workshop:
        """Return a second working folder of the clone, on a new branch at the host's main."""
        folder = self.instance / "candidates" / branch
        self.git("fetch", "--quiet", "origin")
        self.git("worktree", "add", "--quiet", "-b", branch, str(folder), "origin/main")
        return replace(self, folder=folder)

    @contextmanager
    def running(self, *words: str) -> Iterator[Running]:
        """Run a verb as a process of its own, which is stopped at the end of the block."""
        said = self.instance / f"{words[0]}.txt"
        with said.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", *words],
                cwd=self.monorepo,
                stdout=output,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
        try:
            yield Running(words, said, process)
        finally:
            _stop(process)


@dataclass(slots=True)
class Running:
    """A verb that runs beside the story, and how much of what it said was heard."""

    words: tuple[str, ...]
    said: Path
    process: subprocess.Popen[bytes]
    heard: int = 0

    def hear(self, wanted: str) -> str:
        """Return what it said since the last time, once that holds ``wanted``."""
        ends = time.monotonic() + _PATIENCE_SECONDS
        while True:
            # First whether it runs, then what it said: its last words come before its end.
            is_over = self.process.poll() is not None or time.monotonic() > ends
            if wanted in self._new():
                return self._taken()
            if is_over:
                raise self._defect(repr(wanted))
            time.sleep(_LOOK_EVERY_SECONDS)

    def end(self) -> str:
        """Return what it said since the last time, once it has ended well by itself."""
        if self.process.wait(_PATIENCE_SECONDS) != 0:
            raise self._defect("exit code 0")
        return self._taken()

    def _new(self) -> str:
        # A letter of which only the first bytes are there is heard once it is whole.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        return decoder.decode(self.said.read_bytes())[self.heard :]

    def _taken(self) -> str:
        text = self._new()
        self.heard += len(text)
        return text

    def _defect(self, wanted: str) -> Defect:
        return Defect(f"turnpike {' '.join(self.words)}: expected {wanted}, got {self._new()!r}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def broken(file: Path) -> Iterator[None]:
    """Flip one byte in the middle of a file, and put it back at the end."""
    whole, rights = file.read_bytes(), file.stat().st_mode
    middle = len(whole) // 2
    file.chmod(0o600)
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    try:
        yield
    finally:
        file.write_bytes(whole)
        file.chmod(rights)
