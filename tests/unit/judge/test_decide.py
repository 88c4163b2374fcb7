"""The verdict follows from the facts, and from nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.canonical import canonical_document
from turnpike.judge.decide import decide
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts, ProposedPolicies
from turnpike.judge.policy_input import Answer, Denial, Note, PolicyInput, SubjectAnswer
from turnpike.judge.queries import plan_queries
from turnpike.topology.organisation import Machine
from unit.judge import examples
from unit.judge.examples import (
    NOW,
    RULES,
    UNHURRIED,
    added,
    deleted,
    model_facts,
    object_id,
    review,
)


def answer_to(facts: Facts) -> Answer:
    """Answer like the approvals rule alone: deny while a requirement is unmet."""
    return Answer(results=tuple(_answer(one) for one in plan_queries(facts)))


def _answer(one: PolicyInput) -> SubjectAnswer:
    denials = tuple(
        Denial(code="approvals-missing", message="m", expected=need.group, actual="0", solution="s")
        for need in one.requirements
        if need.missing and one.subject.kind == "change"
    )
    return SubjectAnswer(rules=RULES, denials=denials)


def decided(facts: Facts) -> Decision:
    return decide(facts, answer_to(facts))


def codes(decision: Decision) -> list[str]:
    return [finding.code for finding in decision.findings]


def test_a_change_with_every_approval_is_allowed_and_admits_its_artifact() -> None:
    decision = decided(model_facts(review("tom"), review("nora")))
    assert (decision.verdict, codes(decision)) == ("allow", [])
    assert decision.admits(examples.ARTIFACT, object_id("models/oncology/triage/model.yaml"))


def test_a_change_without_approvals_is_denied_and_admits_nothing() -> None:
    decision = decided(model_facts())
    assert decision.verdict == "deny"
    assert decision.admitted == ()


@pytest.mark.parametrize(
    ("account", "note"),
    [("maria", "approval.own-change"), ("stranger", "approval.unknown-account")],
)
def test_an_approval_that_does_not_count_is_a_note_and_changes_nothing(
    account: str, note: str
) -> None:
    decision = decided(model_facts(review(account), review("nora")))
    assert decision.verdict == "deny"
    assert note in [one.code for one in decision.notes]


def test_an_approval_of_an_earlier_head_is_stale() -> None:
    stale = review("tom", commit=object_id("an earlier head"))
    decision = decided(model_facts(stale, review("nora")))
    assert decision.verdict == "deny"
    assert "approval.stale" in [one.code for one in decision.notes]


def test_an_approval_by_a_co_author_does_not_count() -> None:
    facts = model_facts(review("tom"), review("nora"))
    commit = facts.commits[0].model_copy(update={"co_authors": ("tom@example.org",)})
    assert decided(facts.model_copy(update={"commits": (commit,)})).verdict == "deny"


def test_a_request_for_changes_by_an_owner_stops_a_change_that_has_its_approvals() -> None:
    both = model_facts(review("tom"), review("nora"), review("sam", "changes-requested"))
    assert decided(both).verdict == "allow", "sam owns nothing of this change"
    stopped = decided(
        model_facts(review("tom"), review("nora"), review("tom", "changes-requested"))
    )
    assert "approval.changes-requested" in codes(stopped)


def test_a_push_that_nobody_vouches_for_is_denied() -> None:
    facts = model_facts(review("tom"), review("nora"))
    assert facts.pull_request is not None
    unknown = facts.pull_request.model_copy(update={"pushers": ()})
    decision = decided(facts.model_copy(update={"pull_request": unknown}))
    assert codes(decision) == ["approval.pusher-unknown"]


@pytest.mark.parametrize("role", ["author", "committer", "co_authors"])
def test_an_address_that_nobody_is_known_by_is_denied(role: str) -> None:
    facts = model_facts(review("tom"), review("nora"))
    stranger = ("x@elsewhere.example",) if role == "co_authors" else "x@elsewhere.example"
    commit = facts.commits[0].model_copy(update={role: stranger})
    decision = decided(facts.model_copy(update={"commits": (commit,)}))
    assert codes(decision) == ["approval.email-unknown"]


@pytest.mark.parametrize(("role", "verdict"), [("committer", "allow"), ("author", "deny")])
def test_a_host_s_web_page_may_commit_but_not_author(role: str, verdict: str) -> None:
    facts = model_facts(review("tom"), review("nora"))
    assert facts.base.organisation
    web = Machine(id="github-web", email="noreply@github.com")
    known = facts.base.organisation.model_copy(update={"machines": (web,)})
    commit = facts.commits[0].model_copy(update={role: "noreply@GitHub.com"})
    base = facts.base.model_copy(update={"organisation": known})
    decision = decided(facts.model_copy(update={"commits": (commit,), "base": base}))
    assert decision.verdict == verdict


def test_everybody_who_ever_pushed_the_head_is_no_approver() -> None:
    facts = model_facts(review("tom"), review("nora"))
    assert facts.pull_request is not None
    pushed = facts.pull_request.model_copy(update={"pushers": ("maria", "tom")})
    decision = decided(facts.model_copy(update={"pull_request": pushed}))
    assert decision.verdict == "deny"
    assert ("approval.own-change", "tom") in [(note.code, note.subject) for note in decision.notes]


def test_an_account_that_nobody_holds_may_not_push() -> None:
    facts = model_facts(review("tom"), review("nora"))
    assert facts.pull_request is not None
    pushed = facts.pull_request.model_copy(update={"pushers": ("maria", "stranger")})
    decision = decided(facts.model_copy(update={"pull_request": pushed}))
    assert codes(decision) == ["approval.account-unknown"]


def test_a_low_risk_model_needs_no_risk_approval() -> None:
    facts = model_facts(review("tom"), manifest=examples.model("low"))
    assert decided(facts).verdict == "allow"


def test_lowering_the_risk_tier_still_needs_the_risk_group() -> None:
    facts = model_facts(review("tom"), manifest=examples.model("low"))
    before = {"models/oncology/triage/model.yaml": examples.model("high")}
    base = facts.base.model_copy(update={"models": before})
    assert decided(facts.model_copy(update={"base": base})).verdict == "deny"


@pytest.mark.parametrize(
    ("path", "mode", "code"),
    [
        ("models/oncology/triage/conftest.py", "100644", "change.file-not-allowed"),
        ("models/oncology/triage/card.md", "120000", "change.file-kind"),
        ("models/oncology/triage/card.md", "160000", "change.file-kind"),
        ("models/oncology/triage/card.md", "100755", "change.file-kind"),
        ("models/oncology/triage/a\nb.md", "100644", "change.path-not-plain"),
        ("models/oncology/../card.md", "100644", "change.path-not-plain"),
        ("models/oncology/other/card.md", "100644", "change.many-models"),
        ("models/README.txt", "100644", "change.file-not-allowed"),
    ],
)
def test_a_file_that_a_model_may_not_bring_is_refused(path: str, mode: str, code: str) -> None:
    facts = model_facts(review("tom"), review("nora"), review("sam"))
    decision = decided(examples.with_changes(facts, *facts.changes, added(path, mode)))
    assert code in codes(decision)


def test_two_paths_that_differ_in_case_only_are_refused() -> None:
    facts = model_facts()
    twins = (added("docs/Readme.md"), added("docs/README.md"))
    assert "change.case-twins" in codes(decided(examples.with_changes(facts, *twins)))


def test_a_build_file_of_ones_own_is_refused() -> None:
    facts = model_facts(review("tom"), review("nora"))
    contents = {"models/oncology/triage/BUILD": examples.ARTIFACT}
    head = facts.head.model_copy(update={"contents": contents})
    assert "change.build-differs" in codes(decided(facts.model_copy(update={"head": head})))


def test_a_policy_and_a_model_in_one_change_are_refused() -> None:
    facts = model_facts(review("tom"), review("nora"), review("sam"))
    mixed = examples.with_changes(facts, *facts.changes, added("policies/data/tiers.yaml"))
    assert "change.mixed-classes" in codes(decided(mixed))


def test_a_policy_change_is_judged_without_policies_by_platform_owners() -> None:
    facts = examples.with_changes(model_facts(), added("policies/data/tiers.yaml"))
    assert plan_queries(facts) == ()
    assert codes(decided(facts)) == ["approvals-missing", "approvals-missing"]
    approved = examples.with_changes(model_facts(review("sam")), *facts.changes)
    assert decided(approved).verdict == "allow"


def test_policies_that_would_not_compile_are_refused_though_all_owners_approve() -> None:
    facts = examples.with_changes(
        model_facts(review("sam")), added("policies/card_complete/card_complete.rego")
    )
    broken = ProposedPolicies(digest=examples.ARTIFACT, problems=("card_complete.rego:3: }",))
    assert decided(facts).verdict == "allow"
    decision = decided(facts.model_copy(update={"proposed_policies": broken}))
    assert codes(decision) == ["policy.broken"]


def test_a_change_of_training_alone_needs_the_risk_group_too() -> None:
    facts = model_facts(review("tom"))
    changed = added("models/oncology/triage/train.py")
    assert decided(examples.with_changes(facts, changed)).verdict == "deny"


def test_deleting_a_model_needs_the_platform_owners() -> None:
    facts = examples.with_changes(
        model_facts(review("tom")), deleted("models/oncology/triage/model.yaml")
    )
    assert decided(facts).verdict == "deny"


def test_an_unmerged_conflict_is_refused() -> None:
    facts = model_facts(review("tom"), review("nora"))
    merge = facts.merge.model_copy(update={"merge_tree": None, "conflicts": ("docs/a.md",)})
    decision = decided(facts.model_copy(update={"merge": merge, "changes": ()}))
    assert codes(decision) == ["change.conflict"]
    assert decision.requirements == ()


def test_of_no_change_nothing_more_is_said() -> None:
    decision = decided(model_facts(review("tom")).model_copy(update={"changes": ()}))
    assert codes(decision) == ["change.empty"]
    assert decision.requirements == ()


def test_what_rules_tell_beside_their_denials_is_noted_and_decides_nothing() -> None:
    facts = model_facts(review("tom"), review("nora"))
    told = Note(code="plan-cost", message="m", expected="e", actual="170 a month", solution="s")
    first, *rest = answer_to(facts).results
    answer = Answer(results=(first.model_copy(update={"notes": (told,)}), *rest))
    decision = decide(facts, answer)
    assert decision.verdict == "allow"
    assert [(one.code, one.actual) for one in decision.notes] == [("plan-cost", "170 a month")]
    assert decision.notes[0].subject == plan_queries(facts)[0].subject.id


def test_a_rule_that_does_not_answer_leaves_the_change_undecided() -> None:
    facts = model_facts(review("tom"), review("nora"))
    whole = answer_to(facts)
    silent = whole.results[0].model_copy(update={"rules": RULES[:1]})
    decision = decide(facts, Answer(results=(silent, *whole.results[1:])))
    assert decision.verdict == "undecided"
    assert decide(facts, Answer(results=())).verdict == "undecided"


def test_a_clock_before_the_last_decision_leaves_the_change_undecided() -> None:
    facts = model_facts(review("tom"), review("nora"))
    record = facts.record.model_copy(update={"last_clock": NOW + timedelta(seconds=1)})
    decision = decided(facts.model_copy(update={"record": record}))
    assert decision.verdict == "undecided"


def test_a_decision_ends_when_the_first_key_does() -> None:
    soon = NOW + timedelta(minutes=3)
    key = examples.RoleKey("validator", until=soon).public
    facts = model_facts().model_copy(update={"keys": (key,)})
    assert decided(facts).valid_until == soon
    assert decided(model_facts()).valid_until == NOW + timedelta(minutes=10)


PEOPLE = ("maria", "tom", "nora", "grace", "sam", "stranger")
STATES = ("approved", "changes-requested", "dismissed")


@UNHURRIED
@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(STATES)), max_size=6))
def test_one_more_approval_never_turns_an_allow_into_a_deny(said: list[tuple[str, str]]) -> None:
    reviews = [review(account, state) for account, state in dict(said).items()]
    missing = [p for p in PEOPLE if p not in dict(said)]
    before = decided(model_facts(*reviews)).verdict
    for person in missing:
        after = decided(model_facts(*reviews, review(person))).verdict
        assert before != "allow" or after == "allow"


@UNHURRIED
@given(st.permutations([review("tom"), review("nora"), review("stranger"), review("sam")]))
def test_the_order_of_reviews_changes_no_verdict_and_no_finding(reviews: list[object]) -> None:
    decision = decided(model_facts(*reviews))  # type: ignore[arg-type]
    first = decided(model_facts(review("tom"), review("nora"), review("stranger"), review("sam")))
    assert (decision.verdict, decision.findings) == (first.verdict, first.findings)


def test_deciding_twice_gives_the_same_bytes() -> None:
    facts = model_facts(review("tom"))
    assert canonical_document(decided(facts)) == canonical_document(decided(facts))
