"""The embedded host's pre-receive hook: ``python -m turnpike.cli.host_hook <instance folder>``.

Started by git for every push, from an installation outside of Git's content; reads the push from
the standard input, and lets it through with exit code 0. What it must not learn from Git, the
genesis, it reads from the pins beside the bare repository. Whoever can write into that folder can
go round the hook; `turnpike verify` finds out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from turnpike.errors import TurnpikeError
from turnpike.forge.host_objects import HostObjects
from turnpike.forge.receiving import Refusal, Update, refusals
from turnpike.forge.refs import MAIN, RECORD

if TYPE_CHECKING:
    from turnpike.documents.identifiers import ObjectId
    from turnpike.git.repository import Repository


@dataclass(frozen=True, slots=True)
class RecordGuardian:
    """Checks main, the record and events as an auditor would, at the moment of the push.

    Imports what that needs only when asked.
    """

    instance: Path
    now: datetime

    def merge(self, old: str, new: str) -> Refusal | None:
        """Tell why main may not move from one commit to the other."""
        from turnpike.auditing.commit import check_move

        with self._repository() as repository:
            base, commit = repository.resolve(old), repository.resolve(new)
            found = check_move(repository, self._genesis(), base, commit, self.now)
        return _refusal(
            "main.not-judged",
            MAIN,
            "one new commit that carries out an allow on the record",
            found,
            "Open a pull request with `turnpike pr open`; `turnpike pr merge` merges it once it "
            "is allowed.",
        )

    def append(self, old: str, new: str) -> Refusal | None:
        """Tell why the record may not move from one commit to the other."""
        from turnpike.auditing.record import check_record
        from turnpike.record.keys import keys_at

        with self._repository() as repository:
            keys = keys_at(repository, repository.resolve(MAIN))
            tip, commit = repository.resolve(old), repository.resolve(new)
            found = check_record(repository, tip, commit, keys, self.now)
        return _refusal(
            "record.not-appended",
            RECORD,
            "new entries after those that stand, signed by the gate",
            found,
            "Only the gate writes the record; fetch it, and let `turnpike pr merge` append to it.",
        )

    def event(self, number: int, content: bytes) -> str:
        """Tell why a signed event does not count by the organisation that main has."""
        from turnpike.documents.reading import read
        from turnpike.forge.event import decode
        from turnpike.forge.events import Scope, refusal_of
        from turnpike.judge.layout import ORGANISATION_PATH
        from turnpike.topology.organisation import ORGANISATION

        signed = decode(content)
        if signed is None:
            return "it is no event"
        with self._repository() as repository:
            known = repository.read(repository.resolve(MAIN), ORGANISATION_PATH) or b""
        organisation = read(ORGANISATION, known, ORGANISATION_PATH)
        return refusal_of(signed, Scope(self._genesis(), number, organisation))

    def observation(self, artifact: str, content: bytes) -> str:
        """Tell why a blob is no observation of an artifact by an observer that main has."""
        from turnpike.documents.identifiers import Digest
        from turnpike.evidence.observed import envelope_in, refusal_of
        from turnpike.record.keys import keys_at

        with self._repository() as repository:
            keys = keys_at(repository, repository.resolve(MAIN))
        valid = tuple(key for key in keys if key.is_valid_at(self.now))
        return refusal_of(envelope_in(content), Digest(f"sha256:{artifact}"), valid)

    def replaces(self, newer: bytes, older: bytes) -> bool:
        """Tell whether one observation says all that the other one said."""
        from turnpike.evidence.observed import envelope_in, replaces

        after, before = envelope_in(newer), envelope_in(older)
        return after is not None and before is not None and replaces(after, before)

    def _repository(self) -> Repository:
        from turnpike.git.repository import Repository

        return Repository(Path.cwd(), hook=os.environ)

    def _genesis(self) -> ObjectId:
        pins: dict[str, ObjectId] = json.loads((self.instance / "host.json").read_bytes())
        return pins["genesis"]


def _refusal(
    code: str, ref: str, expected: str, faults: tuple[str, ...], solution: str
) -> Refusal | None:
    return Refusal(code, ref, expected, "; ".join(faults), solution) if faults else None


def judge_push(instance: Path, lines: Iterable[str], now: datetime) -> tuple[Refusal, ...]:
    """Return every reason against a push, which git describes as lines ``<old> <new> <ref>``."""
    updates = tuple(_updates(lines))
    guardian = RecordGuardian(instance, now)
    try:
        return refusals(updates, HostObjects(Path.cwd()), guardian)
    except TurnpikeError as error:
        found = error.message
        solution = error.solution or "Run `turnpike doctor` at the host."
        return (Refusal("host.cannot-check", "the push", "a host that can check", found, solution),)


def _updates(lines: Iterable[str]) -> Iterator[Update]:
    for line in lines:
        old, new, ref = line.rstrip("\n").split(" ", 2)
        yield Update(ref, old, new)


def _told(refusal: Refusal) -> str:
    lines = (
        f"turnpike: {refusal.code}: {refusal.ref}",
        f"  expected: {refusal.expected}",
        f"  found:    {refusal.actual}",
        f"  next:     {refusal.solution}",
    )
    # What was pushed may hold anything; on somebody's terminal it stays plain.
    return "\n".join("".join(c if c.isprintable() else "?" for c in line) for line in lines)


def main() -> int:
    """Judge the push that git describes on the standard input."""
    sys.excepthook = _tell_defect
    found = judge_push(Path(sys.argv[1]), sys.stdin, datetime.now(UTC))
    for refusal in found:
        print(_told(refusal), file=sys.stderr)
    return 1 if found else 0


def _tell_defect(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """Tell of a bug of ours, with which Python ends and so refuses the push."""
    found, solution = f"{type(error).__name__}: {error}", "Run `turnpike doctor` at the host."
    refusal = Refusal("host.defect", "the push", "a hook that works", found, solution)
    print(_told(refusal), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
