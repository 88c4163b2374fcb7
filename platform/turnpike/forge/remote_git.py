"""A Git host's repository, reached with a token that no command line and no setting shows."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import CannotDecide, InputError, IntegrityError, RepositoryChanged
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import envelope_in
from turnpike.forge.atomic_push import Move, moves_of, push_atomically
from turnpike.forge.interface import Landing
from turnpike.forge.observations import (
    artifacts_of,
    in_order,
    moves_for,
    read_observations,
    refs_about,
)
from turnpike.forge.refs import (
    LARGEST_EVIDENCE,
    MAIN,
    MOST_EVIDENCE,
    OBSERVATIONS,
    PULLS,
    RECORD,
)
from turnpike.forge.web import Token
from turnpike.git.repository import Repository

_EVIDENCE = re.compile(r"refs/turnpike/evidence/([1-9][0-9]*)/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class RemoteGit:
    """One repository at a host, pushed to from a clone on this machine.

    Statements travel in refs of their own, ``refs/turnpike/evidence/NUMBER/DIGEST``: whoever may
    write can put some there, and each vouches for itself. ``pulls`` is where the host keeps the
    heads of pull requests.
    """

    clone: Repository
    url: str
    pulls: str = PULLS

    def push(self, *moves: Move) -> None:
        """Move refs at the host, all or none; see ``push_atomically``."""
        push_atomically(self.clone, self.url, *moves)

    def move(self, ref: str, new: ObjectId, old: ObjectId | None) -> None:
        """Move a branch at the host, then the same branch here."""
        self.push(Move(ref, new, old))
        self._follow(ref, new)

    def land(self, landing: Landing) -> None:
        """Move main and the record at the host, leased; raises RepositoryChanged where one moved.

        Main is looked at first: a protected branch refuses before it says that it has moved.
        """
        if self.refs(MAIN).get(MAIN) != landing.base:
            raise RepositoryChanged(
                f"{MAIN}: expected {landing.base}, the host has another commit.",
                solution="Somebody else was faster: run the command again.",
            )
        self.push(*moves_of(landing))
        self._follow(MAIN, landing.merge)
        if landing.outcome is not None:
            self._follow(RECORD, landing.outcome)

    def put(self, branch: str, head: ObjectId) -> None:
        """Put a branch at a commit, wherever it is now; where it is there already is nothing."""
        ref = f"refs/heads/{branch}"
        old = self.refs(ref).get(ref)
        if old != head:
            self.push(Move(ref, head, old))

    def require_ahead(self, head: ObjectId) -> None:
        """Raise InputError for a commit that main has already."""
        main = self.refs(MAIN).get(MAIN)
        if main is not None and (head == main or self.clone.is_ancestor(head, main)):
            raise InputError(
                f"Expected a commit that main does not have, got {head[:12]}, which it has.",
                solution="Commit your change on a branch first.",
                code="forge.nothing-to-merge",
            )

    def begin(self) -> tuple[str, ...]:
        """Push main and the record to a host that has neither; return what was pushed.

        Raises CannotDecide where the host has another history.
        """
        there = self.refs(MAIN, RECORD)
        ours = {ref: self.clone.refs.get(ref) for ref in (MAIN, RECORD) if ref not in there}
        new = {ref: commit for ref, commit in ours.items() if commit is not None}
        for ref in there:
            self.fetch(f"+{ref}:{ref.replace('refs/heads/', 'refs/remotes/host/')}")
            self._follow(ref, there[ref])
        if new:
            self.push(*(Move(ref, commit, None) for ref, commit in new.items()))
        return tuple(new)

    def follow(self) -> None:
        """Bring main, the record and all heads here; raises IntegrityError for rewritten history.

        What was once seen stays: neither main nor the record ever goes back.
        """
        self.fetch("+refs/heads/*:refs/remotes/host/*", f"+{self.pulls}:refs/pull/*/head")
        for ref in (MAIN, RECORD):
            found = self.clone.refs.get(ref.replace("refs/heads/", "refs/remotes/host/"))
            if found is not None:
                self._follow(ref, found)

    def _follow(self, ref: str, found: ObjectId) -> None:
        known = self.clone.refs.get(ref)
        if known == found:
            return
        if known is not None and not self.clone.is_ancestor(known, found):
            raise IntegrityError(
                f"{ref} of {self.url}: expected it to go on from {known}, found {found}, which"
                " does not: its history was rewritten",
                code="host.rewritten",
                solution="Do not go on. `turnpike verify` here still has what was there; restore"
                " the branch from it, and find out who could push: runbooks/MainForcePushed.md.",
            )
        self.clone.update_ref(ref, found, known)

    def refs(self, *patterns: str) -> dict[str, ObjectId]:
        """Return the host's refs that match, with their objects, read now."""
        answer = self.clone.refs.git.run("ls-remote", "--end-of-options", self.url, *patterns)
        pairs = (line.split("\t") for line in answer.out.decode().splitlines())
        return {ref: ObjectId(object_) for object_, ref in pairs}

    def fetch(self, *refspecs: str) -> None:
        """Bring refs of the host into the clone."""
        self.clone.fetch(self.url, *refspecs)

    def attach(self, number: int, envelopes: Iterable[Envelope]) -> None:
        """Let signed statements travel with a pull request, in one push; again is nothing."""
        contents = {_ref(number, text): text for text in map(canonical_document, envelopes)}
        there = self.refs(f"refs/turnpike/evidence/{number}/*")
        new = {ref: text for ref, text in contents.items() if ref not in there}
        if new:
            moves = (Move(ref, self.clone.write_blob(text), None) for ref, text in new.items())
            self.push(*moves)

    def attachments(self, number: int) -> tuple[Envelope, ...]:
        """Return the statements that travel with a pull request, by digest, unverified.

        Raises CannotDecide where there are more than may be: nobody is to drown the evidence.
        """
        found = self.refs(f"refs/turnpike/evidence/{number}/*")
        if len(found) > MOST_EVIDENCE:
            raise CannotDecide(
                f"pull request {number}: expected at most {MOST_EVIDENCE} statements, "
                f"found {len(found)}",
                code="forge.too-much-evidence",
                solution=f"Delete refs below refs/turnpike/evidence/{number}/ at the host.",
            )
        wanted = {ref: blob for ref, blob in found.items() if _EVIDENCE.fullmatch(ref)}
        if not wanted:
            return ()
        self.fetch(*(f"+{ref}:{ref}" for ref in wanted))
        sizes = self.clone.sizes(wanted.values())
        small = [blob for blob in wanted.values() if sizes.get(blob, 0) <= LARGEST_EVIDENCE]
        found_there = map(envelope_in, self.clone.blobs(small).values())
        return in_order(envelope for envelope in found_there if envelope)  # others: no evidence

    def observe(self, envelopes: Iterable[Envelope]) -> None:
        """Publish observations, in one push, instead of those that they replace.

        This host has no hook of ours, so whoever may write can put refs there or delete some. A
        statement put there vouches for itself. One deleted takes its time away, and no unhealthy
        time turns healthy by it: that takes another observer who saw the same time otherwise.
        """
        offered = tuple(envelopes)
        refs = self._observed(artifacts_of(offered))
        standing = read_observations(self.clone, refs)
        moves = moves_for(offered, refs, standing, self.clone.write_blob)
        if moves:
            self.push(*moves)

    def observations(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return the observations of artifacts, by digest, unverified."""
        return in_order(read_observations(self.clone, self._observed(artifacts)).values())

    def _observed(self, artifacts: Iterable[Digest]) -> dict[str, ObjectId]:
        """Return the refs of the observations of some artifacts; what they hold is here then."""
        refs = refs_about(self.refs(f"{OBSERVATIONS}*"), artifacts)
        known = self.clone.sizes(refs.values())
        missing = [ref for ref, blob in refs.items() if blob not in known]
        if missing:
            self.fetch(*(f"+{ref}:{ref}" for ref in missing))
        return refs


def authenticated(clone: Path, user: str, token: Token) -> Repository:
    """Open a clone as it is used with a host: the token is in git's environment only."""
    pair = base64.b64encode(f"{user}:{token.secret}".encode()).decode()
    transport = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
    }
    return Repository(clone, transport=transport)


def _ref(number: int, content: bytes) -> str:
    return f"refs/turnpike/evidence/{number}/{hashlib.sha256(content).hexdigest()}"
