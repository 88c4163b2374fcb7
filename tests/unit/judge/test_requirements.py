"""Which approvals a change needs, whom nobody can speak for, and who is never taken on trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.approvals.owners import members_of
from turnpike.judge.decision import ChangeClass
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.requirements import agreement_on, code_of, requirements_of
from turnpike.judge.segregation import PATH_OPENED, QUORUM_UNFILLABLE
from turnpike.manifest.release import Emergency
from turnpike.record.statements import statement_of_decision
from turnpike.topology.organisation import BreakGlass, Machine
from unit.explain.test_decision_text import decision
from unit.judge.deployed import KEY, RELEASE, released
from unit.judge.examples import (
    CODEOWNERS,
    HEAD,
    NOW,
    UNHURRIED,
    RoleKey,
    added,
    deleted,
    model,
    model_facts,
    object_id,
    organisation,
    pull_request,
    review,
    with_changes,
)
from unit.judge.test_emergencies import EMERGENCY, SETTLEMENT, arranged, urgent

MANIFEST = "models/oncology/triage/model.yaml"
PEOPLE = ("maria", "tom", "nora", "grace", "sam", "ida")
GLASS = BreakGlass(commanders="platform-owners", longest_hours=24, debt_hours=72)


def unmet(facts: Facts, kind: ChangeClass = "model") -> set[tuple[str, int, int]]:
    found = (one for one in requirements_of(facts, kind) if not one.is_met)
    return {(one.group, one.count, len(one.approved_by)) for one in found}


def findings(facts: Facts, kind: ChangeClass = "model") -> list[tuple[str, str]]:
    return [(one.code, one.actual) for one in agreement_on(facts, kind).findings]


def owned(facts: Facts, base: str, head: str | None) -> Facts:
    """Return the facts with CODEOWNERS on both sides, the head's as part of the change."""
    sides = {
        "base": facts.base.model_copy(update={"codeowners": base}),
        "head": facts.head.model_copy(update={"codeowners": head}),
    }
    changes = (*facts.changes, added("CODEOWNERS"))
    return facts.model_copy(update={**sides, "changes": changes})


# --- who must -------------------------------------------------------------------------------------


def test_a_change_cannot_take_away_the_owner_who_would_have_to_approve_it() -> None:
    without = CODEOWNERS.replace("/models/oncology/ @oncology\n", "")
    facts = owned(model_facts(manifest=model("low")), CODEOWNERS, without)
    assert {group for group, _, _ in unmet(facts)} == {"oncology", "platform-owners"}


def test_an_owner_whom_the_change_names_must_approve_it_already() -> None:
    stricter = f"{CODEOWNERS}/models/oncology/triage/ @release-managers\n"
    facts = owned(model_facts(manifest=model("low")), CODEOWNERS, stricter)
    assert ("release-managers", 1, 0) in unmet(facts)
    assert ("oncology", 1, 0) in unmet(facts)


def test_of_a_conflict_nobody_is_asked_to_approve_what_nobody_can_see() -> None:
    facts = model_facts()
    merge = facts.merge.model_copy(update={"merge_tree": None})
    conflict = facts.model_copy(update={"merge": merge})
    assert requirements_of(conflict, "model") == ()
    assert agreement_on(conflict, "model").findings == ()


def test_where_main_has_no_organisation_nobody_can_approve() -> None:
    facts = model_facts(*(review(person) for person in PEOPLE))
    unknown = facts.model_copy(update={"base": Documents(codeowners=CODEOWNERS)})
    (only,) = requirements_of(unknown, "model")
    assert not only.is_met
    assert "organisation.yaml is not on main" in only.reason


def test_an_organisation_that_the_change_brings_itself_approves_nothing() -> None:
    facts = model_facts(*(review(person) for person in PEOPLE))
    head = facts.head.model_copy(update={"organisation": organisation()})
    brought = facts.model_copy(update={"head": head, "base": Documents(codeowners=CODEOWNERS)})
    assert not any(one.is_met for one in requirements_of(brought, "model"))


def test_a_path_that_nobody_owns_is_a_need_that_everybody_together_cannot_meet() -> None:
    facts = with_changes(model_facts(*(review(p) for p in PEOPLE[1:])), added("stray.txt"))
    base = facts.base.model_copy(update={"codeowners": "/models/ @oncology\n"})
    assert unmet(facts.model_copy(update={"base": base})) == {("", 1, 0)}


def test_only_the_deletion_of_a_manifest_asks_those_who_run_the_platform() -> None:
    gone = with_changes(model_facts(), deleted(MANIFEST))
    assert {group for group, _, _ in unmet(gone)} >= {"oncology", "platform-owners"}
    nested = "models/oncology/triage/checks/model.yaml"
    kept = with_changes(model_facts(manifest=model("low")), deleted(nested))
    assert {group for group, _, _ in unmet(kept)} == {"oncology"}


@pytest.mark.parametrize(("before", "after"), [("high", "low"), ("low", "high"), ("high", "high")])
def test_a_model_is_of_high_risk_until_the_change_that_lowers_it_is_merged(
    before: str, after: str
) -> None:
    facts = model_facts(manifest=model(after))
    base = facts.base.model_copy(update={"models": {MANIFEST: model(before)}})
    assert ("risk-quorum", 1, 0) in unmet(facts.model_copy(update={"base": base}))


def test_another_models_risk_does_not_burden_a_change_that_leaves_it_alone() -> None:
    facts = model_facts(manifest=model("low"))
    other = model("high", name="other")
    base = facts.base.model_copy(update={"models": {"models/oncology/other/model.yaml": other}})
    assert "risk-quorum" not in {g for g, _, _ in unmet(facts.model_copy(update={"base": base}))}


# --- needs that name who may not meet them ----------------------------------------------------


def test_of_two_emergencies_each_waits_for_the_commander_that_it_names() -> None:
    def both(*approved_by: str) -> Facts:
        facts = urgent(EMERGENCY, *approved_by)
        other: Emergency = EMERGENCY.model_copy(update={"incident": "INC-10", "commander": "ida"})
        place = replace(KEY, environment="production", model="second")
        second = RELEASE.model_copy(update={"model": "second", "emergency": other})
        path = place.path("release.yaml")
        head = facts.head.model_copy(update={"releases": {**facts.head.releases, path: second}})
        changes = (*facts.changes, added(path), added(place.path("manifests.yaml")))
        return facts.model_copy(update={"head": head, "changes": changes})

    assert len(unmet(both(), "release")) == 1
    assert [one.is_met for one in requirements_of(both("sam"), "release")].count(False) == 1
    assert [one.is_met for one in requirements_of(both("ida"), "release")].count(False) == 1
    assert unmet(both("sam", "ida"), "release") == set()


def test_of_two_debts_neither_is_reviewed_by_whom_it_was_left_by() -> None:
    """The commander of one emergency is nobody's other: not by settling a second one with it."""
    gate = RoleKey("gate")

    def debt_of(incident: str, commander: str) -> dict[str, object]:
        return {
            "team": "oncology",
            "deployment": "production/local/oncology/triage",
            "incident": incident,
            "reason": "down",
            "commander": commander,
            "author": "",
            "due": NOW + timedelta(hours=1),
        }

    def settling(*approved_by: str) -> Facts:
        debts = (debt_of("INC-9", "sam"), debt_of("INC-10", "nora"))
        decided = decision(debts=debts, decided_at=NOW - timedelta(hours=1))
        second = SETTLEMENT.model_copy(update={"name": "inc-10", "incident": "INC-10"})
        facts = model_facts(*(review(name) for name in approved_by))
        changed = facts.model_copy(
            update={
                "changes": tuple(added(f"environments/debts/inc-{n}.yaml") for n in (9, 10)),
                "head": Documents(settlements={"inc-9": SETTLEMENT, "inc-10": second}),
                "debts": (gate.sign(statement_of_decision(decided)),),
                "keys": (gate.public,),
            }
        )
        return arranged(changed, GLASS)

    assert unmet(settling("ida", "grace"), "settlement") == set()
    assert unmet(settling("nora", "grace"), "settlement"), "nora would review her own"
    assert unmet(settling("sam", "grace"), "settlement"), "sam would review his own"


def test_one_emergency_in_two_targets_is_one_commanders_word() -> None:
    facts = urgent(EMERGENCY, "sam")
    place = replace(KEY, environment="staging")
    path = place.path("release.yaml")
    head = facts.head.model_copy(
        update={"releases": {**facts.head.releases, path: RELEASE.model_copy(
            update={"emergency": EMERGENCY})}}
    )  # fmt: skip
    changes = (*facts.changes, added(path), added(place.path("manifests.yaml")))
    twice = facts.model_copy(update={"head": head, "changes": changes})
    asked = [one for one in requirements_of(twice, "release") if one.group == "platform-owners"]
    assert [(one.count, one.approved_by) for one in asked] == [(1, ("sam",))]


# --- who did --------------------------------------------------------------------------------------


@UNHURRIED
@given(
    st.lists(
        st.tuples(
            st.sampled_from((*PEOPLE, "stranger", "turnpike-bot")),
            st.sampled_from(("approved", "changes-requested", "dismissed")),
            st.sampled_from((HEAD, object_id("an earlier head"))),
        ),
        max_size=8,
    ),
    st.sampled_from(PEOPLE),
)
def test_whoever_pushed_never_approves_and_nobody_counts_twice_or_from_outside(
    said: list[tuple[str, str, str]], pusher: str
) -> None:
    reviews = [review(who, state).model_copy(update={"commit": at}) for who, state, at in said]
    request = pull_request(*reviews, pushers=(pusher,))
    facts = released(KEY.path("release.yaml").replace("/dev/", "/production/"), RELEASE)
    for asked, kind in (
        (model_facts(), "model"), (facts, "release"),
        (with_changes(model_facts(), added("policies/a.rego")), "policy"),
    ):  # fmt: skip
        told = asked.model_copy(update={"pull_request": request})
        for one in requirements_of(told, kind):  # type: ignore[arg-type]
            members = {p for g in one.group.split(" or ") for p in members_of(organisation(), g)}
            assert set(one.approved_by) <= members - {pusher, "maria"}
            assert len(set(one.approved_by)) == len(one.approved_by)


def test_a_plain_change_without_a_pull_request_has_nobodys_approval() -> None:
    facts = model_facts(review("tom"), review("nora")).model_copy(update={"pull_request": None})
    assert all(one.approved_by == () for one in requirements_of(facts, "model"))


def test_an_objection_stops_what_the_objector_must_agree_to_and_nothing_else() -> None:
    objection = review("nora", "changes-requested")
    high = model_facts(review("tom"), objection)
    assert ("approval.changes-requested", "nora asks for changes") in findings(high)
    assert findings(model_facts(review("tom"), objection, manifest=model("low"))) == []


# --- who made the change --------------------------------------------------------------------------


def pushed(author: str, *pushers: str) -> Facts:
    request = pull_request(review("tom"), pushers=pushers).model_copy(update={"author": author})
    return model_facts().model_copy(update={"pull_request": request})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (pushed("maria", "maria"), []),
        (pushed("mallory", "maria"), ["approval.account-unknown"]),
        (pushed("maria", "maria", "mallory"), ["approval.account-unknown"]),
        (pushed("maria"), ["approval.pusher-unknown"]),
        (pushed("MARIA", "Maria"), []),
    ],
)
def test_an_account_that_nobody_holds_could_be_anybody_who_approves(
    facts: Facts, expected: list[str]
) -> None:
    assert [code for code, _ in findings(facts)] == expected


def committed(**fields: object) -> Facts:
    facts = model_facts(review("tom"), review("nora"))
    machine = Machine(id="host-pages", email="noreply@host.example")
    company = organisation().model_copy(update={"machines": (machine,)})
    base = facts.base.model_copy(update={"organisation": company})
    commit = facts.commits[0].model_copy(update=fields)
    return facts.model_copy(update={"base": base, "commits": (commit,)})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"committer": "noreply@host.example"}, []),
        ({"author": "noreply@host.example"}, ["approval.email-unknown"]),
        ({"co_authors": ("noreply@host.example",)}, ["approval.email-unknown"]),
        ({"co_authors": ("tom@example.org", "ghost@example.org")}, ["approval.email-unknown"]),
        ({"author": ""}, ["approval.email-unknown"]),
        ({"author": "maria@example.org "}, ["approval.email-unknown"]),
    ],
)
def test_an_address_that_nobody_is_known_by_is_never_taken_for_an_outsider(
    fields: dict[str, object], expected: list[str]
) -> None:
    found = [code for code, _ in findings(committed(**fields))]
    assert [code for code in found if code == "approval.email-unknown"] == expected


def test_an_event_that_proves_nothing_is_told_and_changes_nothing() -> None:
    told = "x" * 500
    facts = model_facts(review("tom"))
    assert facts.pull_request is not None
    request = facts.pull_request.model_copy(update={"unverified": (told,)})
    noted = agreement_on(facts.model_copy(update={"pull_request": request}), "model")
    assert [(n.code, n.actual) for n in noted.notes] == [("approval.unverified", told)]
    assert len(noted.notes[0].subject) == 80
    assert noted.requirements == requirements_of(facts, "model")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (f"{PATH_OPENED} sam alone", "segregation.path-opened"),
        (f"{QUORUM_UNFILLABLE} of x", "segregation.quorum-unfillable"),
        ("CODEOWNERS line 1 (main): *", "approvals-missing"),
        (f"CODEOWNERS says {PATH_OPENED}", "approvals-missing"),
        ("", "approvals-missing"),
    ],
)
def test_a_reason_names_its_finding_by_how_it_begins(reason: str, code: str) -> None:
    assert code_of(reason) == code
