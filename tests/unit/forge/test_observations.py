"""Which refs a push of observations moves, and which of a host's refs are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import CannotDecide, InputError
from turnpike.evidence.envelope import Envelope
from turnpike.forge.atomic_push import Move
from turnpike.forge.observations import (
    artifacts_of,
    in_order,
    moves_for,
    read_observations,
    refs_about,
)
from turnpike.forge.refs import LARGEST_OBSERVATION, MOST_OBSERVATIONS, observation_ref
from turnpike.git.repository import Repository
from unit.evidence.observations import SEEN, observation, stated
from unit.judge.examples import RoleKey, object_id, statement

OBSERVER = RoleKey("observer")
HEX = SEEN.removeprefix("sha256:")
NO_REFS: dict[str, ObjectId] = {}


def seen(start: int, end: int, *, healthy: bool = True) -> Envelope:
    return OBSERVER.sign(stated(observation(start, end, healthy=healthy)))


def ref_of(envelope: Envelope) -> str:
    return observation_ref(HEX, envelope.digest().removeprefix("sha256:"))


def write(content: bytes) -> ObjectId:
    return object_id(content.decode())


def blob_of(envelope: Envelope) -> ObjectId:
    return write(canonical_document(envelope))


def moved(offered: tuple[Envelope, ...], *standing: Envelope) -> set[Move]:
    refs = {ref_of(one): blob_of(one) for one in standing}
    return set(moves_for(offered, refs, {ref_of(one): one for one in standing}, write))


def test_what_is_new_is_written_and_what_stands_is_not() -> None:
    one, two = seen(0, 10), seen(20, 30)
    assert moved((one, two)) == {Move(ref_of(e), blob_of(e), None) for e in (one, two)}
    assert moved((one,), one, two) == set()


def test_what_is_replaced_goes_in_the_same_push() -> None:
    short, long = seen(0, 10), seen(0, 20)
    assert moved((long,), short) == {
        Move(ref_of(long), blob_of(long), None),
        Move(ref_of(short), None, blob_of(short)),
    }


def test_what_is_replaced_already_is_not_published() -> None:
    short, long = seen(0, 10), seen(0, 20)
    assert moved((short,), long) == set()
    assert moved((short, long)) == {Move(ref_of(long), blob_of(long), None)}


def test_what_is_no_observation_is_bad_input() -> None:
    scan = RoleKey("validator").sign(statement("https://example.com/scan", {}))
    with pytest.raises(InputError, match="expected an observation"):
        moves_for((scan,), NO_REFS, {}, write)
    with pytest.raises(InputError, match="expected an observation"):
        artifacts_of((scan,))


def test_only_refs_about_the_artifacts_are_read() -> None:
    mine, other = ref_of(seen(0, 10)), observation_ref("0" * 64, "1" * 64)
    refs = {mine: object_id("a"), other: object_id("b"), "refs/turnpike/else": object_id("c")}
    assert refs_about(refs, [SEEN]) == {mine: object_id("a")}
    assert refs_about(refs, [digest_of(b"nothing")]) == {}


def test_more_than_may_be_is_no_answer() -> None:
    refs = {observation_ref(HEX, f"{n:064x}"): object_id("a") for n in range(MOST_OBSERVATIONS)}
    assert len(refs_about(refs, [SEEN])) == MOST_OBSERVATIONS
    one_more = {observation_ref(HEX, "f" * 64): object_id("a")}
    with pytest.raises(CannotDecide, match=f"found {MOST_OBSERVATIONS + 1}"):
        refs_about(refs | one_more, [SEEN])


def test_what_lies_there_and_is_no_envelope_is_left_out(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "host.git")
    good = seen(0, 10)
    contents = (canonical_document(good), b"{}", b" " * (LARGEST_OBSERVATION + 1))
    refs = {f"refs/{n}": repository.write_blob(content) for n, content in enumerate(contents)}
    assert read_observations(repository, refs) == {"refs/0": good}


def test_each_is_told_once_in_order() -> None:
    one, two = seen(0, 10), seen(0, 20)
    assert in_order((two, one, two)) == tuple(sorted((one, two), key=lambda e: e.digest()))
