"""What the people of the story do outside of Turnpike: edit files, commit, break things."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from turnpike.cli.story.cast import Sample
from turnpike.errors import Defect
from turnpike.topology.organisation import Organisation, Person

_SERVING_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """The clone that the personas work in; ``product`` is where the drafts come from."""

    instance: Path
    product: Path
    organisation: Organisation

    @property
    def monorepo(self) -> Path:
        """Return the clone."""
        return self.instance / "monorepo"

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
            timeout=120,
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

    @contextmanager
    def serving(self) -> Iterator[Path]:
        """Run `turnpike serve` as a process of its own; yields the file with what it says."""
        said = self.instance / "serving.txt"
        with said.open("w", encoding="utf-8") as output:
            server = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", "serve"],
                cwd=self.monorepo,
                stdout=output,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
        try:
            _wait_for(said, "Serving ", server)
            yield said
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


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


def _wait_for(file: Path, text: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _SERVING_SECONDS
    while text not in file.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > ends:
            raise Defect(f"turnpike serve: expected {text!r}, got {file.read_text('utf-8')!r}")
        time.sleep(0.2)
