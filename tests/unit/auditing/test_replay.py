"""Every decision is accounted for: the same, different, or not to be read, and never left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from turnpike.auditing.replay import (
    CODE,
    DecideAgain,
    Recorded,
    Replayed,
    digests_in,
    digests_on,
    replay,
)
from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import CannotDecide, InputError, IntegrityError, TurnpikeError
from turnpike.record.statements import statement_of_decision
from unit.auditing.small_instance import GATE, SmallInstance
from unit.judge.examples import object_id


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


@pytest.fixture
def base(instance: SmallInstance) -> ObjectId:
    """Return a commit of main that holds code."""
    return instance.merge({f"{CODE}/judge.py": b"judge = 1\n"})


def code_of(instance: SmallInstance, base: ObjectId) -> str:
    tree = instance.repository.tree_id(base, CODE)
    assert tree is not None
    return tree


def facts_of(base: str, code: str, number: int = 0) -> bytes:
    return canonical({"merge": {"base": base}, "tools": {"turnpike": code}, "number": number})


def recorded(instance: SmallInstance, facts: bytes) -> Digest:
    """Put a decision on the record that rests on these facts."""
    decision = instance.decision(instance.main(), instance.main(), facts=digest_of(facts))
    envelope = instance.gate.sign(statement_of_decision(decision))
    sign, tip = instance.gate.sign_commit, instance.record.commit()
    instance.record.append([envelope], tip, GATE, instance.tick(), sign, facts=facts)
    return envelope.digest()


def as_said(decisions: Sequence[Recorded]) -> Sequence[JsonValue | TurnpikeError]:
    return [one.said for one in decisions]


def otherwise(decisions: Sequence[Recorded]) -> Sequence[JsonValue | TurnpikeError]:
    return [{**one.said, "verdict": "deny"} if isinstance(one.said, dict) else None
            for one in decisions]  # fmt: skip


def answering(said: Sequence[JsonValue | TurnpikeError]) -> DecideAgain:
    return lambda _: said


def became(
    instance: SmallInstance, *wanted: Digest, again: DecideAgain = as_said
) -> list[Replayed]:
    return list(replay(instance.repository, instance.heads(), wanted, again))


def test_decisions_are_listed_oldest_first_from_the_genesis_on(instance: SmallInstance) -> None:
    first = instance.record.tip().previous
    instance.merge({"a": b"a"})
    denied = instance.append(instance.decision(instance.main(), instance.main(), verdict="deny"))
    listed = digests_on(instance.repository, instance.heads())
    assert (listed[0], listed[-1], len(listed)) == (first, denied, 3)


def test_a_span_names_the_decisions_that_its_commits_carried_out(instance: SmallInstance) -> None:
    merges = [instance.merge({f"{n}": b"x"}) for n in range(3)]
    instance.append(instance.decision(instance.main(), instance.main(), verdict="deny"))
    every = digests_on(instance.repository, instance.heads())[:-1]

    def within(span: str) -> tuple[Digest, ...]:
        return digests_in(instance.repository, instance.heads(), span)

    assert within("") == within("..") == within(merges[2]) == every
    assert within(merges[1]) == every[:3]
    assert within(f"{merges[0]}..") == every[2:]
    assert within(f"{merges[0]}..{merges[1]}") == every[2:3]
    assert within(f"{merges[1]}..{merges[1]}") == ()


@pytest.mark.parametrize("span", ["nowhere", "nowhere..", "..nowhere", "--all", "f" * 40])
def test_a_span_of_what_the_clone_does_not_have_is_refused(
    instance: SmallInstance, span: str
) -> None:
    with pytest.raises(InputError):
        digests_in(instance.repository, instance.heads(), span)


def test_the_same_decision_again_is_the_same_and_any_other_names_its_first_difference(
    instance: SmallInstance, base: ObjectId
) -> None:
    digest = recorded(instance, facts_of(base, code_of(instance, base)))
    (same,) = became(instance, digest)
    assert (same.digest, same.result, same.field) == (digest, "same", "")
    (other,) = became(instance, digest, again=otherwise)
    assert (other.result, other.field) == ("different", "verdict")
    assert ("allow" in other.expected, "deny" in other.actual) == (True, True)


def test_what_cannot_be_decided_here_is_unreadable_and_what_was_edited_is_different(
    instance: SmallInstance, base: ObjectId
) -> None:
    digest = recorded(instance, facts_of(base, code_of(instance, base)))
    results = []
    for failure in (CannotDecide("no OPA"), IntegrityError("edited")):
        said: list[JsonValue | TurnpikeError] = [failure]
        (found,) = replay(instance.repository, instance.heads(), [digest], answering(said))
        results.append(found.result)
    assert results == ["unreadable", "different"]


def test_a_decision_on_a_base_that_main_never_had_is_not_decided_by_its_code(
    instance: SmallInstance, base: ObjectId
) -> None:
    theirs = instance.branch({f"{CODE}/judge.py": b"verdict = 'allow'\n"})
    digest = recorded(instance, facts_of(theirs, code_of(instance, theirs)))
    (found,) = became(instance, digest)
    assert (found.result, found.field, found.actual) == ("unreadable", "base", theirs)


def test_facts_that_name_other_code_than_their_base_holds_are_different(
    instance: SmallInstance, base: ObjectId
) -> None:
    digest = recorded(instance, facts_of(base, object_id("other code")))
    (found,) = became(instance, digest)
    assert (found.result, found.field) == ("different", "facts.tools.turnpike")
    assert (found.expected, found.actual) == (code_of(instance, base), object_id("other code"))


@pytest.mark.parametrize(
    "facts",
    [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b'{"merge":{}}', b'{"merge":{"base":1}}'],
    ids=["empty", "cut", "bytes", "deep", "a list", "no base", "a number"],
)
def test_facts_that_say_nothing_are_told_and_stop_no_replay(
    instance: SmallInstance, base: ObjectId, facts: bytes
) -> None:
    odd = recorded(instance, facts)
    good = recorded(instance, facts_of(base, code_of(instance, base)))
    assert [one.result for one in became(instance, odd, good)] == ["different", "same"]


def test_each_gets_its_own_answer_however_many_between_are_not_asked_of(
    instance: SmallInstance, base: ObjectId
) -> None:
    code = code_of(instance, base)
    first, last = (recorded(instance, facts_of(base, code, number)) for number in (1, 2))
    absent = Digest(digest_of(b"not on the record"))
    unnamed = Digest("no decision")

    def again(decisions: Sequence[Recorded]) -> Sequence[JsonValue | TurnpikeError]:
        return [one.said if one.digest == last else CannotDecide("silent") for one in decisions]

    found = became(instance, first, absent, unnamed, last, again=again)
    assert [one.digest for one in found] == [first, absent, unnamed, last]
    assert [one.result for one in found] == ["unreadable", "unreadable", "unreadable", "same"]
