"""Decide again by an installation of each base: its own code, its own policies, nothing else."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from turnpike.auditing.replay import Recorded
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import CannotDecide, TurnpikeError
from turnpike.git.repository import Repository
from turnpike.installation.installation import installation_of
from turnpike.opa.bundle import packed_policies

_AT_ONCE = 100
_SECONDS = 300.0
_SECONDS_EACH = 5.0

Answers = Sequence[JsonValue | TurnpikeError]


@dataclass(frozen=True, slots=True)
class _Court:
    """What decided at some commits of main: an installation, and the policies as one file."""

    installation: Path
    bundle: bytes


@dataclass(frozen=True, slots=True)
class Installations:
    """Decides with the code of each decision's base; ``say`` is told how it goes."""

    repository: Repository
    say: Callable[[str], None]

    def __call__(self, decisions: Sequence[Recorded]) -> Answers:
        """Return the decision on the facts of each, or why there is none; see ``DecideAgain``."""
        found: dict[Digest, JsonValue | TurnpikeError] = {}
        done = 0
        for court, some in self._by_court(decisions, found):
            for part in _parts(some):
                done += len(part)
                self.say(f"deciding again: {done} of {len(decisions)}")
                found |= zip((one.digest for one in part), _decided(court, part), strict=True)
        return [found[one.digest] for one in decisions]

    def _by_court(
        self, decisions: Sequence[Recorded], failed: dict[Digest, JsonValue | TurnpikeError]
    ) -> Iterator[tuple[_Court, list[Recorded]]]:
        """Yield the decisions by what decides on them, so that few processes are started."""
        courts: dict[ObjectId, _Court | TurnpikeError] = {}
        grouped: dict[tuple[Path, Digest], tuple[_Court, list[Recorded]]] = {}
        for one in decisions:
            if one.base not in courts:
                courts[one.base] = self._court(one.base)
            court = courts[one.base]
            if isinstance(court, TurnpikeError):
                failed[one.digest] = court
            else:
                key = (court.installation, digest_of(court.bundle))
                grouped.setdefault(key, (court, []))[1].append(one)
        yield from grouped.values()

    def _court(self, base: ObjectId) -> _Court | TurnpikeError:
        try:
            entries = self.repository.files(base, ["policies"])
            blobs = self.repository.blobs(entry.object for entry in entries.values())
            files = {path: blobs[entry.object] for path, entry in entries.items()}
            return _Court(installation_of(self.repository, base), packed_policies(files))
        except TurnpikeError as error:
            return error


def _parts(decisions: Sequence[Recorded]) -> Iterator[Sequence[Recorded]]:
    for start in range(0, len(decisions), _AT_ONCE):
        yield decisions[start : start + _AT_ONCE]


def _decided(court: _Court, part: Sequence[Recorded]) -> Answers:
    """Ask about all at once and, where that fails, about each alone: one may spoil all."""
    try:
        return _ask(court, part)
    except TurnpikeError as error:
        if len(part) == 1:
            return [error]
    return [answer for one in part for answer in _decided(court, [one])]


def _ask(court: _Court, part: Sequence[Recorded]) -> Answers:
    with tempfile.TemporaryDirectory(prefix="turnpike-replay-") as name:
        folder = Path(name)
        (folder / "bundle.json").write_bytes(court.bundle)
        words = ["gate", "--bundle", "bundle.json", "--print-decision"]
        for number, one in enumerate(part):
            (folder / f"{number}.json").write_bytes(one.facts)
            words += ["--facts", f"{number}.json"]
        said = _run([str(court.installation / "turnpike"), *words], folder, len(part))
    answers = said if len(part) > 1 and isinstance(said, list) else [said]
    if len(answers) != len(part):
        raise _silent(f"{len(answers)} decisions on {len(part)} facts")
    return answers


def _run(command: Sequence[str], folder: Path, count: int) -> JsonValue:
    patience = _SECONDS + count * _SECONDS_EACH
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, check=False, timeout=patience
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _silent(str(error)) from error
    try:
        said: JsonValue = json.loads(done.stdout)
    except (ValueError, RecursionError) as error:
        raise _silent(done.stderr.decode("utf-8", "replace").strip()) from error
    return said


def _silent(said: str) -> CannotDecide:
    return CannotDecide(
        f"Expected a decision of the base's own code, got: {said[:400]}",
        code="replay.no-decision",
        solution="Run `turnpike doctor`; a part of that time may be missing on this machine.",
    )
