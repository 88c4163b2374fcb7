"""What stands on the embedded host about its pull requests, with every event verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import envelope_in
from turnpike.forge.events import HOST, Said, Scope, read_events
from turnpike.forge.interface import PullRequestState, StatusState, Summary
from turnpike.forge.observations import refs_about
from turnpike.forge.refs import MAIN, OBSERVATIONS, parse_ref
from turnpike.git.repository import Repository
from turnpike.judge.facts import PullRequest, Review
from turnpike.topology.organisation import Organisation


@dataclass(frozen=True, slots=True)
class EmbeddedHost:
    """A host's bare repository, its genesis, and the organisation by which events are verified.

    The organisation is the one of main.
    """

    repository: Repository
    genesis: ObjectId
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class PullRefs:
    """The refs of one pull request: its head, and its blobs by the digests that name them."""

    number: int
    head: ObjectId
    events: Mapping[str, ObjectId]
    evidence: Mapping[str, ObjectId]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A pull request: where it is, what was said of it, and whether main has it."""

    refs: PullRefs
    said: Said
    merged: bool

    @property
    def state(self) -> PullRequestState:
        """Return whether it is still open; merged is what Git says, not what an event says."""
        if self.merged:
            return "merged"
        closed = any(event.state == "abandoned" for event in self.said.events)
        return "closed" if closed else "open"

    @property
    def status(self) -> tuple[StatusState, str] | None:
        """Return the last report on the head and its text."""
        for event in reversed(self.said.events):
            for state in get_args(StatusState):
                if event.commit == self.refs.head and event.state == state:
                    return state, event.title
        return None

    def comment_by(self, account: str) -> str:
        """Return an account's one comment; empty where it has none."""
        mine = (e for e in self.said.events if e.kind == "commented" and e.account == account)
        return next((event.body for event in reversed(list(mine))), "")

    def facts(self) -> PullRequest:
        """Return what the judge may know of it.

        Without an author who is known, nobody is known to have pushed either: one whose key is no
        longer listed could otherwise approve their own change, pushed again by a colleague.
        """
        opening = self.said.opening()
        return PullRequest(
            host=HOST,
            number=self.refs.number,
            title=self.said.title() if opening else "",
            author=opening.account if opening else "",
            head=self.refs.head,
            pushers=self.said.pushers_of(self.refs.head) if opening else (),
            reviews=self._latest_reviews(),
            unverified=self.said.unverified,
        )

    def summary(self) -> Summary:
        """Return its line in a list."""
        facts, status = self.facts(), self.status
        return Summary(
            facts.number, facts.title, facts.author, facts.head, self.state,
            status[0] if status else None,
        )  # fmt: skip

    def _latest_reviews(self) -> tuple[Review, ...]:
        latest = {event.account: event for event in self.said.events if event.kind == "reviewed"}
        return tuple(
            Review(account=e.account, state=e.state, commit=e.commit, at=e.at, member=True)
            for _, e in sorted(latest.items())
            if e.state in {"approved", "changes-requested", "dismissed"}
        )


class HostReader:
    """Reads pull requests from the host itself, each time anew."""

    def __init__(self, host: EmbeddedHost) -> None:
        """Read from a host."""
        self._host = host

    def refs_of(self, number: int) -> PullRefs:
        """Return the refs of a pull request; raises InputError where there is none."""
        found = self._listed(f"refs/pull/{number}/")
        if number not in found:
            raise InputError(
                f"There is no pull request {number} on the embedded host.",
                solution="`turnpike pr list` shows those that exist.",
                code="forge.no-pull-request",
            )
        return found[number]

    def all_refs(self) -> tuple[PullRefs, ...]:
        """Return the refs of every pull request, by number."""
        found = self._listed("refs/pull/")
        return tuple(found[number] for number in sorted(found))

    def conversation(self, number: int) -> Conversation:
        """Return a pull request with its verified events."""
        (found,) = self.conversations((self.refs_of(number),))
        return found

    def conversations(self, pulls: tuple[PullRefs, ...]) -> tuple[Conversation, ...]:
        """Return pull requests with their verified events, their blobs read in one go."""
        blobs = self._host.repository.blobs(b for refs in pulls for b in refs.events.values())
        landed = self.landed()
        return tuple(
            Conversation(refs, self._said(refs, blobs), refs.head in landed) for refs in pulls
        )

    def envelopes(self, number: int) -> tuple[Envelope, ...]:
        """Return the statements that travel with a pull request, by digest."""
        evidence = self.refs_of(number).evidence
        blobs = self._host.repository.blobs(evidence.values())
        found = (envelope_in(blobs[evidence[digest]]) for digest in sorted(evidence))
        return tuple(envelope for envelope in found if envelope is not None)

    def observation_refs(self, artifacts: Iterable[Digest]) -> dict[str, ObjectId]:
        """Return the refs of the observations of some artifacts, in order."""
        return refs_about(self._host.repository.refs.under(OBSERVATIONS), artifacts)

    def _listed(self, prefix: str) -> dict[int, PullRefs]:
        heads: dict[int, ObjectId] = {}
        blobs: dict[tuple[int, str], dict[str, ObjectId]] = {}
        for ref, object_ in self._host.repository.refs.under(prefix).items():
            name = parse_ref(ref)
            if name.family == "head":
                heads[name.number] = object_
            elif name.digest:
                blobs.setdefault((name.number, name.family), {})[name.digest] = object_
        return {
            number: PullRefs(
                number, head, blobs.get((number, "events"), {}), blobs.get((number, "evidence"), {})
            )
            for number, head in heads.items()
        }

    def _said(self, refs: PullRefs, blobs: Mapping[ObjectId, bytes]) -> Said:
        scope = Scope(self._host.genesis, refs.number, self._host.organisation)
        return read_events({d: blobs[blob] for d, blob in refs.events.items()}, scope)

    def landed(self) -> frozenset[ObjectId]:
        """Return the commits of main and all heads merged into it; only Git can say that."""
        main = self._host.repository.first_parents(MAIN)
        merges = self._host.repository.commits(main)
        return frozenset(main) | {parent for merge in merges for parent in merge.parents}
