"""Several refs moved on a remote in one push: all from where they are known to be, or none."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, RepositoryChanged, Unavailable
from turnpike.forge.interface import Landing
from turnpike.forge.refs import MAIN, RECORD
from turnpike.git.process import Answer
from turnpike.git.repository import Repository

_SECONDS = 120.0
_LOST = ("(stale info)", "cannot lock ref", "failed to update ref", "(fetch first)")


@dataclass(frozen=True, slots=True)
class Move:
    """A ref to be moved from ``old`` (None: it must not exist yet) to ``new`` (None: removed)."""

    ref: str
    new: ObjectId | None
    old: ObjectId | None


def moves_of(landing: Landing) -> tuple[Move, ...]:
    """Return what moves when a pull request lands: main, and the record with it."""
    main = Move(MAIN, landing.merge, landing.base)
    if landing.outcome is None:
        return (main,)
    return (main, Move(RECORD, landing.outcome, landing.tip))


def push_atomically(clone: Repository, remote: str, *moves: Move) -> None:
    """Push the moves from a clone that has the objects.

    Raises RepositoryChanged where a ref is elsewhere, CannotDecide with the host's own words where
    it refuses, Unavailable where it cannot be reached. Nothing has been moved then.
    """
    leases = (f"--force-with-lease={move.ref}:{move.old or ''}" for move in moves)
    refspecs = (f"{move.new or ''}:{move.ref}" for move in moves)
    answer = clone.refs.git.run(
        "push", "--porcelain", "--no-verify", "--atomic", *leases,
        "--end-of-options", remote, *refspecs,
        seconds=_SECONDS, accept=(0, 1, 128),
    )  # fmt: skip
    if answer.code:
        raise _failure(remote, moves, answer)


def _failure(remote: str, moves: tuple[Move, ...], answer: Answer) -> CannotDecide:
    said = answer.out.decode("utf-8", "replace") + answer.error
    refs = ", ".join(move.ref for move in moves)
    if any(sign in said for sign in _LOST):
        expected = ", ".join(str(move.old or "nothing") for move in moves)
        return RepositoryChanged(
            f"{refs} of {remote}: expected {expected}, found something else.",
            solution="Somebody else was faster: run the command again.",
        )
    if "[remote rejected]" in said:
        words = [line for line in answer.error.splitlines() if line.startswith("remote:")]
        return CannotDecide(
            f"The Git host refused the push to {refs}:\n" + "\n".join(words or [said.strip()]),
            solution="Do what the Git host says above.",
            code="forge.refused",
        )
    return Unavailable(
        f"git could not push to {remote}: {answer.error}",
        solution="Check that the host exists and that you may write to it: `turnpike doctor`.",
        code="forge.unreachable",
    )
