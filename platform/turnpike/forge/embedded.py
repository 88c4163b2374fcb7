"""The embedded Git host: a bare repository in which pull requests are refs and signed events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count, islice

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError, RepositoryChanged
from turnpike.evidence.envelope import Envelope
from turnpike.forge.atomic_push import Move, moves_of, push_atomically
from turnpike.forge.event import (
    LONGEST_BODY,
    LONGEST_TITLE,
    NAMESPACE,
    Event,
    EventKind,
    EventState,
    encode,
)
from turnpike.forge.events import HOST, account_of
from turnpike.forge.host_reading import EmbeddedHost, HostReader, PullRefs
from turnpike.forge.interface import (
    Landing,
    Opening,
    Report,
    ReviewState,
    StatusState,
    Summary,
    require_title,
)
from turnpike.forge.observations import artifacts_of, in_order, moves_for, read_observations
from turnpike.forge.refs import RECORD, event_ref, evidence_ref, head_ref
from turnpike.forge.speaker import SshSpeaker
from turnpike.git.repository import Repository
from turnpike.judge.facts import PullRequest

__all__ = ["EmbeddedForge", "EmbeddedHost"]

_ATTEMPTS = 20


class EmbeddedForge:
    """The embedded host as one account sees it.

    ``clone`` is the repository from which commits and new objects are pushed; everything is read
    from the host itself. ``speaker`` may be left out by those who only read.
    """

    def __init__(
        self,
        host: EmbeddedHost,
        clone: Repository,
        clock: Callable[[], datetime],
        speaker: SshSpeaker | None = None,
    ) -> None:
        """Speak to the host in the name of the speaker."""
        self._host = host
        self._reader = HostReader(host)
        self._clone = clone
        self._clock = clock
        self._speaker = speaker

    @property
    def name(self) -> str:
        """Return ``embedded``, the name of this host in organisation.yaml."""
        return HOST

    def open(self, opening: Opening) -> int:
        """Open a pull request and return its number, the next free one."""
        opening.require_title()
        self._require_ahead(opening.head)
        first = max((refs.number for refs in self._reader.all_refs()), default=0) + 1
        for number in islice(count(first), _ATTEMPTS):
            if self._is_opened(number, opening):
                return number
        raise RepositoryChanged(
            f"{_ATTEMPTS} other pull requests were opened at the same time.",
            solution="Open it again.",
        )

    def push(self, number: int, head: ObjectId, title: str | None = None) -> None:
        """Move an open pull request to a new commit; the same commit again is nothing."""
        if title is not None:
            require_title(title)
        old = self._require_open(number).head
        said = self._reader.conversation(number).said
        is_known = title is None or title == said.title()
        if old == head and is_known and said.has_pushed(self.account(), head):
            return
        self._require_ahead(head)
        moves = () if old == head else (Move(head_ref(number), head, old),)
        self._say("pushed", number, head, title="" if is_known else title or "", moves=moves)

    def pull_request(self, number: int) -> PullRequest:
        """Return what the verified events of a pull request say, read now."""
        return self._reader.conversation(number).facts()

    def head_of(self, number: int) -> ObjectId:
        """Return the head of a pull request."""
        return self._reader.conversation(number).refs.head

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all pull requests, by number; merged are those whose head main has."""
        found = self._reader.conversations(self._reader.all_refs())
        return tuple(conversation.summary() for conversation in found)

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of one commit, which must be the head now."""
        head = self._require_open(number).head
        if commit != head:
            raise InputError(
                f"Pull request {number}: expected a review of its head {head[:12]}, "
                f"got one of {commit[:12]}.",
                solution=f"See what is new with `turnpike pr show {number}`, then review that.",
                code="forge.stale-review",
            )
        self._say("reviewed", number, commit, state=state)

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text; the same text is nothing."""
        found, text = self._reader.conversation(number), _cut(body, LONGEST_BODY)
        if found.comment_by(self.account()) != text:
            self._say("commented", number, found.refs.head, body=text)

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        return self._reader.conversation(number).comment_by(account)

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands on every pull request whose head it is."""
        title = _cut(description, LONGEST_TITLE)
        pulls = tuple(refs for refs in self._reader.all_refs() if refs.head == commit)
        for found in self._reader.conversations(pulls):
            if found.status != (state, title):
                self._say("reported", found.refs.number, commit, state=state, title=title)

    def report(self, number: int, report: Report) -> None:
        """Write this account's one comment and a commit's status, in one push."""
        found, text = self._reader.conversation(number), _cut(report.comment, LONGEST_BODY)
        title, moves = _cut(report.description, LONGEST_TITLE), []
        if found.comment_by(self.account()) != text:
            moves.append(self._event("commented", number, found.refs.head, body=text))
        if found.refs.head == report.commit and found.status != (report.state, title):
            reported = self._event("reported", number, report.commit, report.state, title)
            moves.append(reported)
        if moves:
            self._push(*moves)

    def attach(self, number: int, *envelopes: Envelope) -> None:
        """Let signed statements travel with a pull request, in one push; again is nothing."""
        standing = self._reader.refs_of(number).evidence
        contents = (canonical_document(envelope) for envelope in envelopes)
        fresh = {hashlib.sha256(content).hexdigest(): content for content in contents}
        moves = [
            Move(evidence_ref(number, digest), self._clone.write_blob(content), None)
            for digest, content in fresh.items()
            if digest not in standing
        ]
        if moves:
            self._push(*moves)

    def attachments(self, number: int) -> tuple[Envelope, ...]:
        """Return the statements that travel with a pull request, by digest, unverified."""
        return self._reader.envelopes(number)

    def observe(self, *envelopes: Envelope) -> None:
        """Publish observations, in one push, instead of those that they replace.

        The host's hook checks that an observer of main signed them.
        """
        refs = self._reader.observation_refs(artifacts_of(envelopes))
        standing = read_observations(self._host.repository, refs)
        moves = moves_for(envelopes, refs, standing, self._clone.write_blob)
        if moves:
            self._push(*moves)

    def observations(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return the observations of artifacts, by digest, unverified."""
        refs = self._reader.observation_refs(artifacts)
        return in_order(read_observations(self._host.repository, refs).values())

    def land(self, number: int, landing: Landing) -> None:
        """Move main to a judged merge; the host's hook judges once more whether it is one."""
        self._say("closed", number, landing.merge, state="merged", moves=moves_of(landing))

    def push_record(self, commit: ObjectId, expected_tip: ObjectId | None) -> None:
        """Append to the record; the host's hook judges whether it only grows."""
        self._push(Move(RECORD, commit, expected_tip))

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        """Note by which commit of main a pull request was merged; a second time is nothing."""
        said = self._reader.conversation(number).said
        if all(event.state != "merged" for event in said.events):
            self._say("closed", number, commit, state="merged")

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        found = self._reader.conversation(number)
        if found.state == "open":
            self._say("closed", number, found.refs.head, state="abandoned")

    def _is_opened(self, number: int, opening: Opening) -> bool:
        head = Move(head_ref(number), opening.head, None)
        try:
            self._say(
                "opened", number, opening.head, title=opening.title,
                body=_cut(opening.body, LONGEST_BODY), moves=(head,),
            )  # fmt: skip
        except RepositoryChanged:
            # Somebody else took the number since it was looked up.
            return False
        return True

    def _require_ahead(self, head: ObjectId) -> None:
        if head in self._reader.landed():
            raise InputError(
                f"Expected a commit that main does not have, got {head[:12]}, which it has.",
                solution="Commit your change on a branch first.",
                code="forge.nothing-to-merge",
            )

    def _require_open(self, number: int) -> PullRefs:
        found = self._reader.conversation(number)
        if found.state != "open":
            raise InputError(
                f"Pull request {number}: expected one that is open, it is {found.state}.",
                solution="Open a new one: `turnpike pr open`.",
                code="forge.not-open",
            )
        return found.refs

    def account(self) -> str:
        """Return the account of who speaks; raises InputError for nobody's."""
        person = self._speaker.person if self._speaker else ""
        account = account_of(person, self._host.organisation)
        if account is None:
            raise InputError(
                f"Expected somebody with an account on the host '{HOST}' in organisation.yaml, "
                f"got {person or 'nobody'}.",
                solution="Say with --as who acts.",
                code="forge.unknown-account",
            )
        return account

    def _say(
        self,
        kind: EventKind,
        number: int,
        commit: ObjectId,
        *,
        state: EventState = "",
        title: str = "",
        body: str = "",
        moves: tuple[Move, ...] = (),
    ) -> None:
        """Sign an event and push it, together with the moves of refs that it vouches for."""
        self._push(self._event(kind, number, commit, state, title, body), *moves)

    def _event(
        self,
        kind: EventKind,
        number: int,
        commit: ObjectId,
        state: EventState = "",
        title: str = "",
        body: str = "",
    ) -> Move:
        """Sign an event; return the ref that is still to be pushed."""
        event = Event(
            kind=kind,
            genesis=self._host.genesis,
            pull_request=number,
            commit=commit,
            account=self.account(),
            at=self._clock(),
            state=state,
            title=title,
            body=body,
        )
        content = encode(event, self._signature(event))
        digest = hashlib.sha256(content).hexdigest()
        return Move(event_ref(number, digest), self._clone.write_blob(content), None)

    def _signature(self, event: Event) -> str:
        assert self._speaker is not None  # noqa: S101 - account() has asked
        return self._speaker.sign(NAMESPACE, event.signed_bytes())

    def _push(self, *moves: Move) -> None:
        push_atomically(self._clone, str(self._host.repository.path.absolute()), *moves)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
