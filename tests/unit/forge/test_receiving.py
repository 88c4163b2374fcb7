"""What the host lets in, rule by rule, on a host that is a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from turnpike.forge.receiving import Refusal, Update, refusals
from turnpike.forge.refs import (
    LARGEST_EVENT,
    LARGEST_OBSERVATION,
    MAIN,
    MOST_EVENTS,
    MOST_OBSERVATIONS,
    NOTHING,
    OBSERVATIONS,
    RECORD,
    event_ref,
    evidence_ref,
    head_ref,
    observation_ref,
)

OLD, NEW, BLOB = "1" * 40, "2" * 40, "3" * 40


@dataclass
class Table:
    """Objects by name, and refs, as a host would have them."""

    contents: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=lambda: {OLD: "commit", NEW: "commit"})
    symrefs: frozenset[str] = frozenset()
    counts: dict[str, int] = field(default_factory=lambda: {head_ref(1): 1, head_ref(2): 1})

    def kind_and_size(self, objects: Iterable[str]) -> Mapping[str, tuple[str, int]]:
        found = {o: (self.kinds[o], 1) for o in objects if o in self.kinds}
        return found | {o: ("blob", len(content)) for o, content in self.contents.items()}

    def blobs(self, objects: Iterable[str]) -> Mapping[str, bytes]:
        return {o: self.contents[o] for o in objects}

    def symbolic(self) -> frozenset[str]:
        return self.symrefs

    def count(self, prefix: str) -> int:
        return self.counts.get(prefix, 0)


@dataclass(frozen=True)
class Verdicts:
    """A guardian that has made up its mind."""

    refusal: Refusal | None = None
    unsigned: str = ""

    def observation(self, _artifact: str, _content: bytes) -> str:
        return self.unsigned

    def replaces(self, newer: bytes, older: bytes) -> bool:
        return newer.startswith(older)

    def event(self, _number: int, _content: bytes) -> str:
        return self.unsigned

    def merge(self, _old: str, _new: str) -> Refusal | None:
        return self.refusal

    def append(self, _old: str, _new: str) -> Refusal | None:
        return self.refusal


NO = Refusal("no", "ref", "expected", "actual", "next")


def codes(
    *updates: Update, table: Table | None = None, refusal: Refusal | None = None
) -> list[str]:
    found = refusals(updates, table or Table(), Verdicts(refusal))
    assert all(one.expected and one.actual and one.solution for one in found)
    return [one.code for one in found]


def said(kind: str, number: int = 1, commit: str = NEW) -> bytes:
    event = {"kind": kind, "pullRequest": number, "commit": commit}
    return json.dumps({"event": event, "signature": "x"}).encode()


def written(content: bytes, number: int = 1, old: str = NOTHING) -> tuple[Update, Table]:
    digest = hashlib.sha256(content).hexdigest()
    return Update(event_ref(number, digest), old, BLOB), Table({BLOB: content})


def test_an_event_that_its_account_did_not_sign_is_refused() -> None:
    update, table = written(said("commented"))
    (found,) = refusals((update,), table, Verdicts(unsigned="it is not signed"))
    assert (found.code, found.actual) == ("pull.event-unverified", "it is not signed")


@pytest.mark.parametrize("ref", [MAIN, RECORD])
def test_protected_branches_follow_their_guardian(ref: str) -> None:
    assert codes(Update(ref, OLD, NEW)) == []
    assert codes(Update(ref, OLD, NEW), refusal=NO) == ["no"]


@pytest.mark.parametrize("ref", [MAIN, RECORD])
@pytest.mark.parametrize(("old", "new"), [(OLD, NOTHING), (NOTHING, NEW)])
def test_protected_branches_are_never_made_or_deleted(ref: str, old: str, new: str) -> None:
    assert codes(Update(ref, old, new)) == ["ref.protected"]


def test_people_do_with_their_branches_what_they_like() -> None:
    ref = "refs/heads/maria/topic"
    assert codes(Update(ref, NOTHING, NEW)) == []
    assert codes(Update(ref, OLD, NEW)) == []
    assert codes(Update(ref, OLD, NOTHING)) == []


@pytest.mark.parametrize("ref", ["refs/tags/v1", "refs/heads/Main", "refs/replace/x"])
def test_refs_outside_the_known_families_are_refused(ref: str) -> None:
    assert codes(Update(ref, NOTHING, NEW)) == ["ref.unknown"]


def test_a_symbolic_ref_is_no_way_round() -> None:
    ref = "refs/heads/alias"
    assert codes(Update(ref, OLD, NEW), table=Table(symrefs=frozenset((ref,)))) == ["ref.symbolic"]


def test_a_ref_stands_once_in_a_push() -> None:
    ref = "refs/heads/maria"
    assert codes(Update(ref, OLD, NEW), Update(ref, OLD, NOTHING)) == ["push.twice"]


@pytest.mark.parametrize(("old", "kind"), [(NOTHING, "opened"), (OLD, "pushed")])
def test_a_head_moves_only_with_the_event_that_says_so(old: str, kind: str) -> None:
    head = Update(head_ref(1), old, NEW)
    event, table = written(said(kind))
    assert codes(head, event, table=table) == []
    assert codes(head) == ["pull.head-unsigned"]
    other, table = written(said(kind, commit=OLD))
    assert codes(head, other, table=table) == ["pull.head-unsigned"]
    elsewhere, table = written(said(kind, number=2), number=2)
    assert "pull.head-unsigned" in codes(head, elsewhere, table=table)


def test_a_head_is_a_commit_and_stays() -> None:
    assert codes(Update(head_ref(1), OLD, NOTHING)) == ["ref.append-only"]
    event, table = written(said("pushed"))
    table.kinds[NEW] = "tree"
    assert codes(Update(head_ref(1), OLD, NEW), event, table=table) == ["ref.wrong-object"]


def test_a_pull_request_is_opened_once() -> None:
    event, table = written(said("opened"))
    assert codes(event, table=table) == ["pull.opened-twice"]


@pytest.mark.parametrize("make", [event_ref, evidence_ref])
def test_events_and_evidence_are_written_once(make: object) -> None:
    assert callable(make)
    ref = make(1, "a" * 64)
    assert codes(Update(ref, OLD, NEW)) == ["ref.append-only"]
    assert codes(Update(ref, OLD, NOTHING)) == ["ref.append-only"]


def test_an_event_lies_under_its_own_digest_and_number() -> None:
    event, table = written(said("reviewed"))
    assert codes(event, table=table) == []
    misnamed = Update(event_ref(1, "a" * 64), NOTHING, BLOB)
    assert codes(misnamed, table=table) == ["ref.wrong-object"]
    elsewhere, table = written(said("reviewed", number=2), number=1)
    assert codes(elsewhere, table=table) == ["ref.wrong-object"]


@pytest.mark.parametrize("content", [
    b"", b"[]", b"1", b'{"event":1}', b'{"event":{}}', b"[" * 20_000, b"\xff",
    b'{"event":{"kind":[],"pullRequest":1,"commit":"x"}}',
    b'{"event":{"kind":"reviewed","pullRequest":true,"commit":"x"}}',
    b'{"event":{"kind":"reviewed","pullRequest":"1","commit":"x"}}',
])  # fmt: skip
def test_what_is_no_event_is_refused(content: bytes) -> None:
    event, table = written(content)
    assert codes(event, table=table) == ["ref.wrong-object"]


def test_an_event_is_a_small_blob() -> None:
    event, table = written(b" " * (LARGEST_EVENT + 1))
    assert codes(event, table=table) == ["ref.wrong-object"]
    commit = Update(event_ref(1, "a" * 64), NOTHING, NEW)
    assert codes(commit) == ["ref.wrong-object"]


def test_evidence_looks_like_an_envelope() -> None:
    good = b'{"payload":"","payloadType":"","signatures":[]}'
    for content, expected in [
        (good, []),
        (b"{}", ["ref.wrong-object"]),
        (b"7", ["ref.wrong-object"]),
    ]:
        digest = hashlib.sha256(content).hexdigest()
        update = Update(evidence_ref(1, digest), NOTHING, BLOB)
        assert codes(update, table=Table({BLOB: content})) == expected


def test_numbers_leave_no_gap() -> None:
    event, table = written(said("opened", number=3), number=3)
    assert codes(Update(head_ref(3), NOTHING, NEW), event, table=table) == []
    event, table = written(said("opened", number=5), number=5)
    assert codes(Update(head_ref(5), NOTHING, NEW), event, table=table) == ["pull.unknown"]


def test_nothing_is_said_of_a_pull_request_that_does_not_exist() -> None:
    event, table = written(said("reviewed", number=9), number=9)
    assert codes(event, table=table) == ["pull.unknown"]


def test_a_flood_of_events_is_refused() -> None:
    event, table = written(said("reviewed"))
    table.counts["refs/pull/1/events/"] = MOST_EVENTS - 1
    assert codes(event, table=table) == []
    table.counts["refs/pull/1/events/"] = MOST_EVENTS
    assert codes(event, table=table) == ["pull.too-many"]


ARTIFACT = "a" * 64


def observed(content: bytes, blob: str = BLOB) -> tuple[Update, Table]:
    digest = hashlib.sha256(content).hexdigest()
    return Update(observation_ref(ARTIFACT, digest), NOTHING, blob), Table({blob: content})


def test_an_observation_is_written_once_under_its_own_digest() -> None:
    update, table = observed(b"seen")
    assert codes(update, table=table) == []
    misnamed = Update(observation_ref(ARTIFACT, "b" * 64), NOTHING, BLOB)
    assert codes(misnamed, table=table) == ["ref.wrong-object"]
    assert codes(Update(update.ref, OLD, BLOB), table=table) == ["ref.append-only"]


def test_an_observation_that_no_observer_signed_is_refused() -> None:
    update, table = observed(b"seen")
    (found,) = refusals((update,), table, Verdicts(unsigned="nobody signed it"))
    assert (found.code, found.actual) == ("observation.unverified", "nobody signed it")


def test_an_observation_is_a_small_blob() -> None:
    update, table = observed(b" " * (LARGEST_OBSERVATION + 1))
    assert codes(update, table=table) == ["ref.wrong-object"]


def test_an_observation_goes_only_together_with_one_that_says_the_same_of_more_time() -> None:
    newer, table = observed(b"seen for longer")
    older = Update(observation_ref(ARTIFACT, "b" * 64), "4" * 40, NOTHING)
    table.contents["4" * 40] = b"seen"
    assert codes(newer, older, table=table) == []
    assert codes(older, table=table) == ["observation.lost"]
    table.contents["4" * 40] = b"another time"
    assert codes(newer, older, table=table) == ["observation.lost"]
    elsewhere = Update(observation_ref("c" * 64, "b" * 64), "4" * 40, NOTHING)
    table.contents["4" * 40] = b"seen"
    assert codes(newer, elsewhere, table=table) == ["observation.lost"]
    unknown = Update(older.ref, "5" * 40, NOTHING)
    assert codes(newer, unknown, table=table) == ["observation.lost"]


def test_a_flood_of_observations_is_refused_and_a_replacement_is_none() -> None:
    newer, table = observed(b"seen for longer")
    table.counts[f"{OBSERVATIONS}{ARTIFACT}/"] = MOST_OBSERVATIONS
    assert codes(newer, table=table) == ["observation.too-many"]
    older = Update(observation_ref(ARTIFACT, "b" * 64), "4" * 40, NOTHING)
    table.contents["4" * 40] = b"seen"
    assert codes(newer, older, table=table) == []
