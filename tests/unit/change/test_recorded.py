"""A past decision is found by what people have in hand, and never another one than they meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.gate import AskPolicies
from turnpike.change.recorded import explain_past, found_by_name, last_of_pull_request
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError
from unit.auditing.small_instance import SmallInstance
from unit.change.recording import answering, recorded
from unit.judge.examples import model_facts, review


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def asking(*denied: str) -> AskPolicies:
    return answering(*denied).ask


def test_a_digest_its_beginning_and_its_merge_commit_name_one_decision(
    instance: SmallInstance,
) -> None:
    commit = instance.merge({"a": b"a"})
    digest = instance.record.tip().previous
    assert digest is not None
    bare = digest.removeprefix("sha256:")
    for name in (digest, bare, bare[:12], f"sha256:{bare[:12]}", commit, "refs/heads/main"):
        assert found_by_name(instance.record, name) == digest


@pytest.mark.parametrize(
    "name", ["", "abc", "sha256:", "../decisions", "refs/heads/none", "--all", "f" * 64, "0" * 40]
)
def test_what_names_no_decision_is_refused_by_name(instance: SmallInstance, name: str) -> None:
    with pytest.raises(InputError):
        found_by_name(instance.record, name)


def test_a_branch_called_like_another_decision_hides_neither(instance: SmallInstance) -> None:
    first = recorded(instance, model_facts(review("tom")))
    merge = instance.merge({"a": b"a"})
    begun = first.removeprefix("sha256:")[:8]
    instance.repository.update_ref(f"refs/heads/{begun}", merge, None)
    with pytest.raises(InputError, match="found 2"):
        found_by_name(instance.record, begun)
    assert found_by_name(instance.record, first) == first


def test_a_commit_that_carried_out_nothing_names_no_decision(instance: SmallInstance) -> None:
    with pytest.raises(InputError, match="neither"):
        found_by_name(instance.record, instance.branch({"a": b"a"}))


def test_the_last_decision_on_a_pull_request_is_the_newest(instance: SmallInstance) -> None:
    recorded(instance, model_facts())
    newest = recorded(instance, model_facts(review("tom")))
    assert last_of_pull_request(instance.record, 1) == newest
    with pytest.raises(InputError, match="pull request 7") as refused:
        last_of_pull_request(instance.record, 7)
    assert refused.value.code == "explain.undecided"


def test_a_past_denial_is_explained_by_the_policies_of_its_own_base(
    instance: SmallInstance,
) -> None:
    asked: list[ObjectId] = []
    denying = asking("model")

    def policies_of(base: ObjectId) -> AskPolicies:
        asked.append(base)
        return denying

    digest = recorded(instance, model_facts(review("tom")), denying)
    past = explain_past(instance.record, digest, policies_of)
    assert past.decision.verdict == "deny"
    assert past.explanation is not None
    assert asked == [past.decision.base]


def test_a_past_allow_has_nothing_to_turn(instance: SmallInstance) -> None:
    digest = recorded(instance, model_facts(review("tom")))
    past = explain_past(instance.record, digest, lambda _: asking())
    assert (past.decision.verdict, past.explanation) == ("allow", None)


def test_facts_that_lead_to_another_verdict_are_not_explained_away(
    instance: SmallInstance,
) -> None:
    digest = recorded(instance, model_facts(review("tom")))
    with pytest.raises(IntegrityError) as found:
        explain_past(instance.record, digest, lambda _: asking("model"))
    assert found.value.code == "explain.decided-otherwise"
