from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.auditing.commit import check_merge, ground_of
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.decision import Decision
from turnpike.record.keys import keys_at
from turnpike.signing.service import RoleKey
from unit.auditing.small_instance import Bent, SmallInstance, new_signer


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def _decided(instance: SmallInstance, **bent: object) -> tuple[Decision, Digest]:
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}), **bent)
    return decision, instance.append(decision)


def _check(instance: SmallInstance, new: ObjectId, *, at_host: bool = False) -> str:
    old = instance.main()
    ground = ground_of(instance.repository, instance.genesis, instance.record_tip())
    keys = keys_at(instance.repository, old)
    now = instance.now if at_host else None
    return "\n".join(check_merge(instance.repository, old, new, ground, keys, now))


def _check_bent(instance: SmallInstance, bent: Bent) -> str:
    return _check(instance, instance.merge_commit(*_decided(instance), bent))


def test_a_judged_merge_has_no_faults(instance: SmallInstance) -> None:
    new = instance.merge_commit(*_decided(instance))
    assert not _check(instance, new)
    assert not _check(instance, new, at_host=True)


def test_a_commit_without_trailers_is_unjudged(instance: SmallInstance) -> None:
    assert "expected the trailers" in _check_bent(instance, Bent(message="Just so\n"))


def test_a_commit_with_another_tree_is_refused(instance: SmallInstance) -> None:
    tree = instance.repository.commit(instance.branch({"a": b"other"})).tree
    assert "tree: expected" in _check_bent(instance, Bent(tree=tree))


@pytest.mark.parametrize("how", ["swapped", "squashed", "another head", "three"])
def test_a_commit_with_other_parents_is_refused(instance: SmallInstance, how: str) -> None:
    decision, digest = _decided(instance)
    other = instance.branch({"a": b"1", "b": b"1"})
    parents = {
        "swapped": (decision.head, decision.base),
        "squashed": (decision.base,),
        "another head": (decision.base, other),
        "three": (decision.base, decision.head, other),
    }[how]
    new = instance.merge_commit(decision, digest, Bent(parents=parents))
    assert "parents: expected" in _check(instance, new)


@pytest.mark.parametrize("verdict", ["deny", "undecided"])
def test_a_decision_that_is_no_allow_carries_nothing(instance: SmallInstance, verdict: str) -> None:
    new = instance.merge_commit(*_decided(instance, verdict=verdict))
    assert "verdict: expected allow" in _check(instance, new)


def test_a_decision_on_an_older_main_is_refused(instance: SmallInstance) -> None:
    decision, digest = _decided(instance)
    instance.merge({"b": b"1"})
    assert "base: expected" in _check(instance, instance.merge_commit(decision, digest))


def test_a_decision_of_another_instance_is_refused(instance: SmallInstance) -> None:
    new = instance.merge_commit(*_decided(instance, genesis=instance.branch({"z": b"1"})))
    assert "genesis: expected" in _check(instance, new)


def test_a_decision_that_is_not_on_the_record_is_refused(instance: SmallInstance) -> None:
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}))
    new = instance.merge_commit(decision, digest_of(b"nothing"))
    assert "has no decisions/" in _check(instance, new)


def test_a_record_of_somebody_else_is_refused(instance: SmallInstance, tmp_path: Path) -> None:
    assert "is not on the record" in _check_bent(instance, Bent(recorded=instance.main()))
    assert "is not on the record" in _check_bent(instance, Bent(recorded=ObjectId("f" * 40)))


def test_a_decision_that_the_named_tip_does_not_have_yet_is_refused(
    instance: SmallInstance,
) -> None:
    before = instance.record_tip()
    assert "has no decisions/" in _check_bent(instance, Bent(recorded=before))


@pytest.mark.parametrize("signed", ["not at all", "by a stranger", "by the validator"])
def test_a_commit_that_the_gate_did_not_sign_is_refused(
    instance: SmallInstance, tmp_path: Path, signed: str
) -> None:
    stranger = new_signer("gate", tmp_path / "other")
    bent = Bent(signed=False) if signed == "not at all" else Bent(signer=stranger)
    if signed == "by the validator":
        as_gate = RoleKey("gate", instance.validator.private._private)
        bent = Bent(signer=type(stranger)(instance.validator.key, as_gate))
    assert "the commit is not signed" in _check_bent(instance, bent)


def test_a_decision_that_the_gate_did_not_sign_is_refused(
    instance: SmallInstance, tmp_path: Path
) -> None:
    stranger = new_signer("gate", tmp_path / "other")
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}))
    digest = instance.append(decision, signer=stranger)
    assert "its decision is not signed" in _check(instance, instance.merge_commit(decision, digest))


@pytest.mark.parametrize("minutes", [-5, 11])
def test_a_merge_outside_of_the_time_of_its_decision_is_refused(
    instance: SmallInstance, minutes: int
) -> None:
    when = instance.now + timedelta(minutes=minutes)
    assert "it was merged at" in _check_bent(instance, Bent(when=when))


def test_the_host_refuses_a_decision_that_has_run_out(instance: SmallInstance) -> None:
    new = instance.merge_commit(*_decided(instance))
    instance.now += timedelta(minutes=11)
    assert "it is now" in _check(instance, new, at_host=True)
    assert not _check(instance, new)
