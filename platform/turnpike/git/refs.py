"""The refs of a repository, and other repositories to which they are pushed."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError, RepositoryChanged, Unavailable
from turnpike.git.process import Answer, Git

NO_OBJECT = ObjectId("0" * 40)
PUSH_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Refs:
    """Names in the repository itself; its settings say how a remote is reached, and no more."""

    git: Git

    def resolve(self, revision: str) -> ObjectId:
        """Return the commit that a revision names; raises InputError for an unknown one."""
        found = self._parsed(revision + "^{commit}")
        if found is None:
            raise unknown_revision(revision)
        return found

    def get(self, ref: str) -> ObjectId | None:
        """Return the object that a full ref name points at; None where there is no such ref."""
        return self._parsed(ref) if ref.startswith("refs/") else None

    def _parsed(self, revision: str) -> ObjectId | None:
        answer = self.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", revision, accept=(0, 1, 128)
        )
        lines = answer.out.decode().split("\n")
        # Git 2.39 prints the option itself in front of the answer.
        found = [line for line in lines if line and line != "--end-of-options"]
        return ObjectId(found[0]) if answer.code == 0 and len(found) == 1 else None

    def under(self, prefix: str) -> dict[str, ObjectId]:
        """Return the full refs below a prefix such as ``refs/heads/`` and their objects."""
        answer = self.git.run("for-each-ref", "--format=%(objectname) %(refname)", prefix)
        pairs = (line.partition(" ") for line in answer.out.decode().splitlines())
        return {ref: ObjectId(object_) for object_, _, ref in pairs}

    def update(self, ref: str, new: ObjectId | None, old: ObjectId | None) -> None:
        """Move a ref from ``old`` (None: it must not exist) to ``new`` (None: remove it).

        Raises RepositoryChanged where the ref is elsewhere, and then has changed nothing.
        """
        verb = ("-d", ref) if new is None else (ref, new)
        answer = self.git.run(
            "update-ref", "--no-deref", *verb, old or NO_OBJECT, accept=(0, 1, 128)
        )
        if answer.code:
            raise self._refusal(ref, old, answer)

    def _refusal(self, ref: str, old: ObjectId | None, answer: Answer) -> CannotDecide:
        found = self.get(ref)
        if found != old:
            return changed(ref, old, found)
        if ".lock" in answer.error:
            return RepositoryChanged(
                f"{ref} is locked by another process: {answer.error}",
                solution="Run the command again; if no git is running there, a killed one left "
                "the lock file named above: remove it.",
            )
        return Unavailable(
            f"git could not move {ref} in {self.git.git_dir}: {answer.error}",
            solution="Look at the rights and the space of that folder.",
            code="git.failed",
        )

    def push(self, remote: str, refspec: str, lease: ObjectId | None) -> None:
        """Push ``source:destination`` if the destination is still where the lease says.

        ``lease`` None means that the destination must not exist. Raises RepositoryChanged where
        the lease is lost, CannotDecide with the host's words where it refuses, Unavailable where
        the remote cannot be reached.
        """
        destination = refspec.removeprefix("+").rpartition(":")[2]
        answer = self.git.run(
            "push", "--porcelain", "--no-verify", f"--force-with-lease={destination}:{lease or ''}",
            "--end-of-options", remote, refspec,
            seconds=PUSH_SECONDS, accept=(0, 1, 128),
        )  # fmt: skip
        if answer.code:
            raise _push_failure(remote, destination, lease, answer)

    def fetch(self, remote: str, *refspecs: str) -> None:
        """Fetch refs; raises Unavailable where the remote or one of the refs is not to be had."""
        self.git.run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
            "--end-of-options", remote, *refspecs, seconds=PUSH_SECONDS,
        )  # fmt: skip


def unknown_revision(revision: str) -> InputError:
    """Return the error for a revision that names no commit here."""
    return InputError(
        f"{revision!r} names no commit in this repository.",
        solution="Check the spelling, or fetch it first: git fetch origin.",
        code="git.unknown-revision",
    )


def changed(ref: str, expected: ObjectId | None, found: ObjectId | str | None) -> RepositoryChanged:
    """Return the error for a ref that moved on while something was judged."""
    return RepositoryChanged(
        f"{ref} should be at {expected or 'nothing'}, and is at {found or 'nothing'}.",
        solution="Somebody else was faster: run the command again, it judges on the new base.",
    )


_LOST = ("[rejected] (stale info)", "cannot lock ref", "failed to update ref", "(fetch first)")


def _push_failure(
    remote: str, destination: str, lease: ObjectId | None, answer: Answer
) -> CannotDecide:
    said = answer.out.decode("utf-8", "replace") + answer.error
    if any(sign in said for sign in _LOST):
        return changed(f"{destination} of {remote}", lease, "another commit")
    if "[remote rejected]" in said:
        words = [line for line in answer.error.splitlines() if line.startswith("remote:")]
        return CannotDecide(
            f"{remote} refused the push to {destination}:\n" + "\n".join(words or [said.strip()]),
            solution="Correct what the Git host names above.",
            code="git.push-refused",
        )
    return Unavailable(
        f"git could not push to {remote}: {answer.error}",
        solution="Check that the remote exists, that it can be reached and that you may push.",
        code="git.push-failed",
    )
