from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.auditing.history import Proof, history
from turnpike.evidence.statement import VALIDATION, statement_about
from turnpike.judge.decision import Finding
from turnpike.record.keys import keys_at
from unit.auditing.small_instance import ARTIFACT, MODEL, SmallInstance


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_each_decision_tells_when_by_whom_on_what_and_what_came_of_it(
    instance: SmallInstance,
) -> None:
    evidence = instance.validation()
    instance.add(evidence)
    merge = instance.merge({"a": b"1"}, evidence=(evidence.digest(),))
    keys = keys_at(instance.repository, instance.main())
    *_, last = history(instance.repository, MODEL, instance.heads(), keys)
    assert (last.verdict, last.change_class, last.subjects) == ("allow", "model", (MODEL,))
    assert (last.author, last.approvers, last.pull_request) == ("ann", ("bob",), 1)
    signer = f"validator {instance.validator.key.name}"
    assert last.evidence == (Proof(evidence.digest(), VALIDATION, signer),)
    assert last.merge == merge


def test_a_refusal_has_its_reasons_and_no_merge(instance: SmallInstance) -> None:
    why = Finding(
        code="approval.missing", subject=MODEL, expected="1", actual="0", message="m", solution="s"
    )
    head = instance.branch({"a": b"1"})
    decision = instance.decision(instance.main(), head, verdict="deny", findings=(why,))
    instance.append(decision)
    *_, last = history(instance.repository, MODEL, instance.heads())
    assert (last.verdict, last.findings, last.merge) == ("deny", (why,), None)


def test_decisions_come_in_the_order_in_which_they_were_made(instance: SmallInstance) -> None:
    merges = [instance.merge({"a": b"%d" % number}) for number in range(3)]
    found = history(instance.repository, MODEL, instance.heads())
    assert [judgement.merge for judgement in found][1:] == merges
    assert [j.at for j in found] == sorted(j.at for j in found)


def test_another_model_has_another_history(instance: SmallInstance) -> None:
    instance.merge(
        {"a": b"1"}, subjects=("dev/eu/fraud/scores",), change_class="release", admitted=()
    )
    (only,) = history(instance.repository, "fraud/scores", instance.heads())
    assert only.change_class == "release"
    assert history(instance.repository, "fraud/other", instance.heads()) == ()


def test_a_signer_without_a_name_stands_as_the_id_of_its_key(instance: SmallInstance) -> None:
    evidence = instance.validation()
    instance.add(evidence)
    instance.merge({"a": b"1"}, evidence=(evidence.digest(), ARTIFACT))
    *_, last = history(instance.repository, MODEL, instance.heads())
    assert [proof.signer for proof in last.evidence] == [instance.validator.key.id]


def test_evidence_about_another_model_of_the_same_change_is_left_out(
    instance: SmallInstance,
) -> None:
    ours = instance.validation()
    others = instance.validator.sign(statement_about("fraud/other", ARTIFACT, VALIDATION, {}))
    instance.add(ours, others)
    instance.merge({"a": b"1"}, evidence=(ours.digest(), others.digest()))
    *_, last = history(instance.repository, MODEL, instance.heads())
    assert [proof.digest for proof in last.evidence] == [ours.digest()]
