from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents import strict_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import (
    CannotDecide,
    Defect,
    InputError,
    IntegrityError,
    RepositoryChanged,
)
from turnpike.evidence.predicates import Outcome
from turnpike.git.reading import LARGEST
from turnpike.record import layout
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision, statement_of_outcome
from unit.auditing.small_instance import ARTIFACT, GATE, MODEL, SmallInstance


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_a_repository_without_a_record_has_an_empty_tip(instance: SmallInstance) -> None:
    empty = Record(instance.repository, "refs/heads/none")
    tip = empty.tip()
    assert (tip.tip, tip.previous, tip.last_clock) == (None, None, None)
    assert empty.statements_about([ARTIFACT]) == ()
    with pytest.raises(InputError, match="The record has no"):
        empty.facts(ARTIFACT)


def test_each_decision_becomes_the_one_that_the_next_must_follow(instance: SmallInstance) -> None:
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}))
    digest = instance.append(decision)
    tip = instance.record.tip()
    assert (tip.previous, tip.last_clock) == (digest, decision.decided_at)
    envelope = instance.record.decision(digest)
    assert layout.decision_of(envelope) == decision
    assert digest_of(instance.record.facts(decision.facts)) == decision.facts


def test_a_decision_that_follows_another_one_is_not_appended(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    with pytest.raises(Defect, match="must follow"):
        instance.append(instance.decision(instance.main(), head, previous=digest_of(b"x")))


def test_a_decision_is_not_appended_without_its_facts(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    with pytest.raises(Defect, match="with its facts"):
        instance.append(instance.decision(instance.main(), head, facts=digest_of(b"x")))


def test_facts_that_nobody_could_read_again_are_not_appended(instance: SmallInstance) -> None:
    old = instance.record_tip()
    facts = b"x" * (LARGEST + 1)
    with pytest.raises(CannotDecide) as refused:
        instance.record.append([], old, GATE, instance.now, instance.gate.sign_commit, facts=facts)
    assert refused.value.code == "record.entry-too-large"
    assert instance.record_tip() == old


def test_whatever_facts_can_be_read_from_a_file_can_be_read_from_the_record() -> None:
    assert LARGEST >= strict_json.LARGEST  # else a train that was judged could not be recorded


def test_what_moved_meanwhile_is_not_overwritten(instance: SmallInstance) -> None:
    old = instance.record_tip()
    new = instance.add(instance.validation())
    with pytest.raises(RepositoryChanged):
        instance.record.append(
            [instance.validation(said="again")], old, GATE, instance.now, instance.gate.sign_commit
        )
    assert instance.record_tip() == new


def test_statements_are_found_by_artifact_and_by_no_other(instance: SmallInstance) -> None:
    other = digest_of(b"another artifact")
    envelopes = [instance.validation(said=str(number)) for number in range(3)]
    instance.add(*envelopes, instance.validation(other))
    found = instance.record.statements_about([ARTIFACT])
    assert found == tuple(sorted(envelopes, key=lambda envelope: envelope.digest()))
    assert len(instance.record.statements_about([ARTIFACT, other, ARTIFACT])) == 4
    assert instance.record.statements_about([digest_of(b"unknown")]) == ()


def test_appending_what_is_there_already_changes_nothing(instance: SmallInstance) -> None:
    tip = instance.add(instance.validation())
    assert instance.add(instance.validation()) == tip


def test_decisions_about_a_model_come_oldest_first(instance: SmallInstance) -> None:
    instance.merge({"a": b"1"})
    instance.merge({"a": b"2"})
    moments = [layout.decision_of(e).decided_at for e in instance.record.decisions_about(MODEL)]
    assert len(moments) == 3
    assert moments == sorted(moments)
    assert instance.record.decisions_about("oncology/other") == ()


def test_an_outcome_is_found_by_its_decision(instance: SmallInstance) -> None:
    decision = instance.record.tip().previous
    assert decision is not None
    outcome = Outcome(decision=decision, merge=instance.genesis, finished_at=instance.now)
    envelope = instance.gate.sign(statement_of_outcome(outcome))
    instance.add(envelope)
    assert instance.record.outcomes_of(decision) == (envelope,)


def test_a_pinned_record_does_not_see_what_is_appended_later(instance: SmallInstance) -> None:
    pinned = instance.record.at(instance.record_tip())
    instance.add(instance.validation())
    assert pinned.statements_about([ARTIFACT]) == ()
    assert pinned.tip().tip != instance.record_tip()


def test_what_is_built_is_not_on_the_branch_until_it_is_pushed(instance: SmallInstance) -> None:
    tip = instance.record_tip()
    sign = instance.gate.sign_commit
    commit = instance.record.build([instance.validation()], tip, GATE, instance.now, sign)
    assert instance.record_tip() == tip
    assert instance.record.at(commit).statements_about([ARTIFACT]) == (instance.validation(),)


def test_an_entry_whose_content_has_another_digest_is_named(instance: SmallInstance) -> None:
    decision = instance.record.tip().previous
    assert decision is not None
    path = layout.path_of("decisions", decision)
    content = instance.repository.read(instance.record_tip(), path) or b""
    tree = instance.repository.write_tree_with(instance.record_tip(), {path: content + b"\n"})
    forged = instance.repository.write_commit(tree, (), GATE, GATE, "Forge\n", instance.now)
    with pytest.raises(IntegrityError, match=path):
        instance.record.at(forged).decision(decision)


def test_an_index_that_names_what_is_not_there_is_noticed(instance: SmallInstance) -> None:
    instance.add(instance.validation())
    path = layout.path_of("statements", instance.validation().digest())
    tree = instance.repository.write_tree_with(instance.record_tip(), {path: None})
    forged = instance.repository.write_commit(tree, (), GATE, GATE, "Forge\n", instance.now)
    with pytest.raises(IntegrityError, match="not there"):
        instance.record.at(forged).statements_about([ARTIFACT])


def test_only_a_statement_in_an_envelope_is_appended(instance: SmallInstance) -> None:
    envelope = instance.validation()
    odd = envelope.model_copy(update={"payload_type": "text/plain"})
    with pytest.raises(IntegrityError, match="in-toto"):
        instance.add(odd)


def test_an_unknown_decision_is_named_with_the_next_step(instance: SmallInstance) -> None:
    with pytest.raises(InputError, match="decisions/") as caught:
        instance.record.decision(Digest(digest_of(b"unknown")))
    assert "git fetch" in caught.value.solution


def test_a_decision_keeps_its_place_among_statements(instance: SmallInstance) -> None:
    instance.add(instance.validation())
    head = instance.branch({"a": b"1"})
    decision = instance.decision(instance.main(), head)
    facts = instance.facts()
    envelope = instance.gate.sign(statement_of_decision(decision))
    commit = instance.record.append(
        [instance.validation(), envelope, instance.validation(said="more")],
        instance.record_tip(),
        GATE,
        instance.tick(),
        instance.gate.sign_commit,
        facts=facts,
    )
    state = instance.record.state_at(commit)
    assert (state.sequence, state.decision) == (2, envelope.digest())
