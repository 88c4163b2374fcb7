"""A change of who decides is refused where the file would not say what it seems to say."""

from __future__ import annotations

import pytest

from turnpike.judge.decide import decide
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Change, Documents, Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.judge.ownership import ownership
from turnpike.judge.policy_input import Answer
from turnpike.topology.organisation import Group, Organisation
from unit.judge.examples import (
    CODEOWNERS,
    added,
    deleted,
    model_facts,
    organisation,
    review,
    with_changes,
)


def rearranged(head: Documents, *changes: Change, approved_by: tuple[str, ...] = ()) -> Facts:
    facts = model_facts(*(review(person) for person in approved_by))
    return with_changes(facts.model_copy(update={"head": head}), *changes)


def owners_changed(text: str, approved_by: tuple[str, ...] = (), **others: str) -> Facts:
    head = Documents(codeowners=text, codeowners_path="CODEOWNERS", other_codeowners=others)
    return rearranged(head, added("CODEOWNERS"), approved_by=approved_by)


def organisation_changed(company: Organisation, approved_by: tuple[str, ...] = ()) -> Facts:
    head = Documents(organisation=company, codeowners=CODEOWNERS, codeowners_path="CODEOWNERS")
    return rearranged(head, added(ORGANISATION_PATH), approved_by=approved_by)


def codes(facts: Facts) -> list[str]:
    return [finding.code for finding in ownership(facts)]


def decided(facts: Facts) -> Decision:
    return decide(facts, Answer(results=()))


def test_a_change_of_codeowners_without_flaw_passes() -> None:
    assert codes(owners_changed(CODEOWNERS)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/models/ @oncology\n", "codeowners.unowned"),
        (f"{CODEOWNERS}/x/\n", "codeowners.unowned"),
        (f"{CODEOWNERS}/x/ @nobody\n", "codeowners.unknown-owner"),
        (f"{CODEOWNERS}!/x/ @oncology\n", "codeowners.negation-unsupported"),
        (f"{CODEOWNERS}/models/oncology/ @oncology\n", "codeowners.duplicate-pattern"),
        (f"/x/ @oncology\n{CODEOWNERS}", "codeowners.unreachable-pattern"),
    ],
)
def test_a_change_of_codeowners_that_lints_badly_is_refused(text: str, code: str) -> None:
    assert code in codes(owners_changed(text))
    everybody = ("tom", "nora", "grace", "sam", "ida")
    assert decided(owners_changed(text, everybody)).verdict == "deny"


@pytest.mark.parametrize("other", ["docs/CODEOWNERS", ".github/CODEOWNERS"])
def test_a_second_file_is_refused_whichever_is_read(other: str) -> None:
    text = "* @platform-owners\n"
    head = Documents(
        codeowners=text if other.startswith(".") else CODEOWNERS,
        codeowners_path=other if other.startswith(".") else "CODEOWNERS",
        other_codeowners={"CODEOWNERS" if other.startswith(".") else other: text},
    )
    facts = rearranged(head, added(other))
    assert "codeowners.shadowed" in codes(facts)
    assert decided(facts).change_class == "organisation"


def test_the_file_cannot_be_removed_nor_can_the_organisation() -> None:
    assert "codeowners.missing" in codes(rearranged(Documents(), deleted("CODEOWNERS")))
    assert "organisation.removed" in codes(rearranged(Documents(), deleted(ORGANISATION_PATH)))


def test_an_organisation_in_which_two_share_an_account_is_refused() -> None:
    company = organisation()
    first, *others = company.people
    twin = first.model_copy(update={"other_accounts": {"embedded": ("tom",)}})
    facts = organisation_changed(company.model_copy(update={"people": (twin, *others)}))
    assert codes(facts) == ["organisation.contradicts-itself"]


def test_a_group_that_codeowners_names_cannot_be_removed_alone() -> None:
    company = organisation()
    left = tuple(group for group in company.groups if group.name != "oncology")
    found = codes(organisation_changed(company.model_copy(update={"groups": left})))
    assert "codeowners.unknown-owner" in found


def test_another_dialect_is_judged_by_what_it_makes_of_the_file() -> None:
    gitea = organisation().model_copy(update={"codeowners_dialect": "gitea"})
    assert "codeowners.matches-nothing" in codes(organisation_changed(gitea))


def test_a_path_that_is_opened_needs_platform_owners_who_are_not_on_it() -> None:
    company = organisation()
    members = {"oncology": ("maria", "tom", "sam"), "risk-quorum": ("nora", "sam"),
               "release-managers": ("grace", "sam")}  # fmt: skip
    groups = tuple(
        Group(name=group.name, members=members.get(group.name, group.members))
        for group in company.groups
    )
    changed = company.model_copy(update={"groups": groups})
    denied = decided(organisation_changed(changed, approved_by=("sam",)))
    (finding,) = [f for f in denied.findings if f.code == "segregation.path-opened"]
    assert "sam" in finding.expected
    assert "(of the platform owners: ida)" in finding.expected
    assert decided(organisation_changed(changed, approved_by=("ida",))).verdict == "allow"


def test_a_quorum_that_is_left_unfillable_has_a_finding_of_its_own() -> None:
    company = organisation()
    groups = tuple(
        Group(name=g.name, members=("tom",) if g.name == "oncology" else g.members)
        for g in company.groups
    )
    facts = organisation_changed(company.model_copy(update={"groups": groups}))
    found = [f.code for f in decided(facts).findings]
    assert "segregation.quorum-unfillable" in found
