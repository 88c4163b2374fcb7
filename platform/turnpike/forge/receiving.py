"""What the embedded host lets in: one rule for each family of refs, applied to a whole push.

main moves only by a judged merge, the record only by appending; events and evidence are written
once, and events by people whom main knows; a pull request's head moves only together with the
signed event that says who moved it; observations are written by observers whom main knows, and go
once a newer one says the same of more time. Who is pushing is unknown to a bare repository, and no
rule needs it.

Only the standard library: the hook imports this for every push.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from turnpike.forge.refs import (
    LARGEST_EVENT,
    LARGEST_EVIDENCE,
    LARGEST_OBSERVATION,
    MOST_EVENTS,
    MOST_EVIDENCE,
    MOST_OBSERVATIONS,
    NOTHING,
    Family,
    RefName,
    head_ref,
    parse_ref,
)

_LARGEST: Mapping[Family, int] = {
    "events": LARGEST_EVENT,
    "evidence": LARGEST_EVIDENCE,
    "observations": LARGEST_OBSERVATION,
}
_MOST: Mapping[Family, int] = {
    "events": MOST_EVENTS,
    "evidence": MOST_EVIDENCE,
    "observations": MOST_OBSERVATIONS,
}


@dataclass(frozen=True, slots=True)
class Update:
    """One ref of a push: where it was and where it shall be; NOTHING where it does not exist."""

    ref: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a ref may not be updated, and what would be right."""

    code: str
    ref: str
    expected: str
    actual: str
    solution: str


class Store(Protocol):
    """The objects and refs of the host, those of the push included."""

    def kind_and_size(self, objects: Iterable[str]) -> Mapping[str, tuple[str, int]]:
        """Return the type and the size in bytes of each object."""

    def blobs(self, objects: Iterable[str]) -> Mapping[str, bytes]:
        """Return the content of each blob."""

    def symbolic(self) -> frozenset[str]:
        """Return the refs that only name another ref."""

    def count(self, prefix: str) -> int:
        """Return how many refs stand below a prefix that ends with a slash, or are that ref."""


class Guardian(Protocol):
    """Checks the two protected histories against the record; the hook wires it."""

    def merge(self, old: str, new: str, /) -> Refusal | None:
        """Tell why main may not move from one commit to the other."""

    def append(self, old: str, new: str, /) -> Refusal | None:
        """Tell why the record may not move from one commit to the other."""

    def event(self, number: int, content: bytes, /) -> str:
        """Tell why a signed event does not count; empty where it does."""

    def observation(self, artifact: str, content: bytes, /) -> str:
        """Tell why an observation of an artifact does not count; empty where it does."""

    def replaces(self, newer: bytes, older: bytes, /) -> bool:
        """Tell whether one observation says all that the other one said."""


def refusals(updates: tuple[Update, ...], store: Store, guardian: Guardian) -> tuple[Refusal, ...]:
    """Return every reason against a push; it is taken whole, or not at all."""
    return tuple(_Push(updates, store, guardian).refusals())


@dataclass(frozen=True, slots=True)
class _Offer:
    """What an event of the push says, as far as the hook reads it."""

    number: int
    kind: str
    commit: str


class _Push:
    """One push, with its objects looked up once."""

    def __init__(self, updates: tuple[Update, ...], store: Store, guardian: Guardian) -> None:
        self._updates = updates
        self._store = store
        self._guardian = guardian
        self._names = {update.ref: parse_ref(update.ref) for update in updates}
        self._symbolic = store.symbolic()
        wanted = [u.new for u in updates if u.new != NOTHING]
        self._objects = store.kind_and_size(wanted)
        self._contents = store.blobs(u.new for u in updates if self._is_small_blob(u))
        self._offers = frozenset(self._read_offers())

    def refusals(self) -> Iterator[Refusal]:
        if len(self._names) != len(self._updates):
            yield Refusal("push.twice", "the push", "each ref once", "a ref twice", "Push again.")
            return
        for update in self._updates:
            if found := self._refusal(update):
                yield found
        yield from self._too_many()

    def _refusal(self, update: Update) -> Refusal | None:
        if update.ref in self._symbolic:
            return _symbolic(update)
        name = self._names[update.ref]
        match name.family:
            case "main":
                return _protected(update) or self._guardian.merge(update.old, update.new)
            case "record":
                return _protected(update) or self._guardian.append(update.old, update.new)
            case "head":
                return self._head(update, name)
            case "events" | "evidence" | "observations":
                rule = self._observation if name.artifact else self._written_once
                return rule(update, name)
        return None if name.family == "branch" else _unknown(update)

    def _is_small_blob(self, update: Update) -> bool:
        family = self._names[update.ref].family
        kind, size = self._objects.get(update.new, ("missing", 0))
        return kind == "blob" and size <= _LARGEST.get(family, 0)

    def _read_offers(self) -> Iterator[_Offer]:
        for update in self._updates:
            name = self._names[update.ref]
            if name.family == "events" and update.new in self._contents:
                yield _offer(self._contents[update.new])

    def _head(self, update: Update, name: RefName) -> Refusal | None:
        if update.new == NOTHING:
            return _deletion(update)
        kind, _ = self._objects.get(update.new, ("missing", 0))
        if kind != "commit":
            return _wrong_object(update, "a commit", kind)
        if update.old == NOTHING and name.number > 1 and not self._exists(name.number - 1):
            # A number far ahead would leave no numbers for anybody else.
            return _no_pull_request(update, name.number - 1)
        wanted = "opened" if update.old == NOTHING else "pushed"
        if _Offer(name.number, wanted, update.new) in self._offers:
            return None
        return Refusal(
            "pull.head-unsigned",
            update.ref,
            f"a signed event '{wanted}' of commit {update.new[:12]} in the same push",
            "none",
            "Use `turnpike pr open`, or `turnpike pr push` for a pull request that is open.",
        )

    def _written_once(self, update: Update, name: RefName) -> Refusal | None:
        if update.old != NOTHING or update.new == NOTHING:
            return _rewrite(update)
        if not (self._creates(name.number) or self._exists(name.number)):
            return _no_pull_request(update, name.number)
        content = self._contents.get(update.new)
        if content is None:
            return self._no_content(update, name)
        return self._says(update, name, content)

    def _says(self, update: Update, name: RefName, content: bytes) -> Refusal | None:
        if hashlib.sha256(content).hexdigest() != name.digest:
            return _wrong_object(update, f"the blob with SHA-256 {name.digest}", "another blob")
        if name.family == "events":
            return self._event(update, name, content)
        return None if _is_envelope(content) else _wrong_object(update, "an envelope", "none")

    def _no_content(self, update: Update, name: RefName) -> Refusal:
        kind, size = self._objects.get(update.new, ("missing", 0))
        expected = f"a blob of at most {_LARGEST[name.family]} bytes"
        return _wrong_object(update, expected, f"{kind}, {size} bytes")

    def _observation(self, update: Update, name: RefName) -> Refusal | None:
        if update.new == NOTHING:
            return None if self._is_replaced(update, name) else _lost(update)
        if update.old != NOTHING:
            return _rewrite(update)
        content = self._contents.get(update.new)
        if content is None:
            return self._no_content(update, name)
        if hashlib.sha256(content).hexdigest() != name.digest:
            return _wrong_object(update, f"the blob with SHA-256 {name.digest}", "another blob")
        unsigned = self._guardian.observation(name.artifact, content)
        return _not_observed(update, unsigned) if unsigned else None

    def _is_replaced(self, update: Update, name: RefName) -> bool:
        """Tell whether the same push says all that a removed observation said."""
        kind, size = self._store.kind_and_size((update.old,)).get(update.old, ("missing", 0))
        if kind != "blob" or size > LARGEST_OBSERVATION:
            return False
        older = self._store.blobs((update.old,))[update.old]
        return any(self._guardian.replaces(newer, older) for newer in self._told(name.artifact))

    def _told(self, artifact: str) -> Iterator[bytes]:
        """Yield the observations of an artifact that the push brings."""
        for update in self._updates:
            if self._names[update.ref].artifact == artifact and update.new in self._contents:
                yield self._contents[update.new]

    def _event(self, update: Update, name: RefName, content: bytes) -> Refusal | None:
        offer = _offer(content)
        if offer.number != name.number:
            found = f"one of pull request {offer.number}" if offer.number else "something else"
            return _wrong_object(update, f"an event of pull request {name.number}", found)
        if offer.kind == "opened" and not self._creates(name.number):
            return Refusal(
                "pull.opened-twice",
                update.ref,
                "an event 'opened' only together with a new pull request",
                f"pull request {name.number} exists already",
                "Use `turnpike pr push` to add commits to it.",
            )
        # Without this, anybody could fill a pull request with events that count for nothing.
        unsigned = self._guardian.event(name.number, content)
        return _not_said(update, unsigned) if unsigned else None

    def _creates(self, number: int) -> bool:
        return any(
            self._names[u.ref] == RefName("head", number) and u.old == NOTHING
            for u in self._updates
        )

    def _exists(self, number: int) -> bool:
        return self._store.count(head_ref(number)) > 0

    def _too_many(self) -> Iterator[Refusal]:
        added: Counter[tuple[str, Family]] = Counter()
        for update in self._updates:
            if (name := self._names[update.ref]).digest:
                folder = update.ref.rpartition("/")[0]
                added[folder, name.family] += -1 if update.new == NOTHING else 1
        for (folder, family), more in added.items():
            found = self._store.count(f"{folder}/") + more
            if more > 0 and found > _MOST[family]:
                yield _flood(folder, family, found)


def _offer(content: bytes) -> _Offer:
    nothing = _Offer(0, "", "")
    try:
        event = json.loads(content)["event"]
        offer = _Offer(event["pullRequest"], event["kind"], event["commit"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return nothing
    plain = type(offer.number) is int and isinstance(offer.kind, str)
    return offer if plain and isinstance(offer.commit, str) else nothing


def _is_envelope(content: bytes) -> bool:
    try:
        return {"payload", "payloadType", "signatures"} == set(json.loads(content))
    except (ValueError, TypeError, RecursionError):
        return False


def _protected(update: Update) -> Refusal | None:
    if NOTHING not in (update.old, update.new):
        return None
    return Refusal(
        "ref.protected",
        update.ref,
        "a new commit on top of what stands there",
        "its deletion" if update.new == NOTHING else "its creation",
        "Both protected branches exist since `turnpike init` and stay. See `turnpike doctor`.",
    )


def _symbolic(update: Update) -> Refusal:
    return Refusal(
        "ref.symbolic",
        update.ref,
        "a ref with an object of its own",
        "a ref that names another one",
        "Push to the ref itself; the host's owner can remove the symbolic ref.",
    )


def _unknown(update: Update) -> Refusal:
    return Refusal(
        "ref.unknown",
        update.ref,
        "a branch with a plain name, or a pull request's own refs",
        "another kind of ref",
        "Push a branch such as refs/heads/<you>/<topic>, then use `turnpike pr open`.",
    )


def _deletion(update: Update) -> Refusal:
    return Refusal(
        "ref.append-only",
        update.ref,
        "that it stays",
        "its deletion",
        "What was said stays said: close the pull request, or say something newer.",
    )


def _rewrite(update: Update) -> Refusal:
    if update.new == NOTHING:
        return _deletion(update)
    return Refusal(
        "ref.append-only",
        update.ref,
        "that it is written once",
        f"another object instead of {update.old[:12]}",
        "Write a new event or a new statement.",
    )


def _no_pull_request(update: Update, number: int) -> Refusal:
    return Refusal(
        "pull.unknown",
        update.ref,
        f"that pull request {number} exists",
        "no such pull request",
        "Use `turnpike pr open`, which takes the next free number.",
    )


def _not_said(update: Update, why: str) -> Refusal:
    return Refusal(
        "pull.event-unverified",
        update.ref,
        "an event signed with a key that main's organisation.yaml lists for its account",
        why,
        "Use the verbs of `turnpike pr` with --as, and the SSH key that is listed for that person.",
    )


def _flood(folder: str, family: Family, found: int) -> Refusal:
    expected = f"at most {_MOST[family]}"
    if family == "observations":
        longer = "Say of a longer time at once what was said of its parts."
        return Refusal("observation.too-many", folder, expected, str(found), longer)
    anew = "Open a new pull request, and close this one."
    return Refusal("pull.too-many", folder, expected, str(found), anew)


def _not_observed(update: Update, why: str) -> Refusal:
    return Refusal(
        "observation.unverified",
        update.ref,
        "an observation of this artifact, signed by a key of an observer in policies/keys/ on main",
        why,
        "Use `turnpike observe`, with the observer's key that main lists.",
    )


def _lost(update: Update) -> Refusal:
    return Refusal(
        "observation.lost",
        update.ref,
        "that it stays, or that the same push says the same of all its time",
        "its deletion alone",
        "Let the observer replace it by a longer one.",
    )


def _wrong_object(update: Update, expected: str, actual: str) -> Refusal:
    return Refusal(
        "ref.wrong-object", update.ref, expected, actual, "Use the verbs of `turnpike pr`."
    )
