"""What main says, and what it would say after the change."""

from __future__ import annotations

from turnpike.judge.arrangement import (
    arrangement_after,
    arrangement_before,
    is_rearranged,
    is_reowned,
)
from turnpike.judge.facts import Change, Documents, Facts
from unit.judge.examples import (
    CODEOWNERS,
    added,
    deleted,
    environment,
    model_facts,
    organisation,
    with_changes,
)


def changed(head: Documents, *changes: Change) -> Facts:
    return with_changes(model_facts().model_copy(update={"head": head}), *changes)


def test_a_change_of_a_model_arranges_nothing() -> None:
    facts = model_facts()
    assert not is_rearranged(facts)
    assert arrangement_after(facts) == arrangement_before(facts)


def test_without_an_organisation_nothing_is_arranged() -> None:
    facts = model_facts().model_copy(update={"base": Documents()})
    assert arrangement_before(facts) is None
    assert arrangement_after(facts) is None


def test_what_the_change_brings_goes_before_main() -> None:
    head = Documents(
        codeowners="* @oncology\n",
        codeowners_path=".github/CODEOWNERS",
        environments={"dev": environment("dev", approvals=1)},
    )
    facts = changed(
        head, added(".github/CODEOWNERS"), deleted("environments/staging/environment.yaml")
    )
    after = arrangement_after(facts)
    assert after
    assert is_rearranged(facts)
    assert (after.codeowners, after.codeowners_path) == ("* @oncology\n", ".github/CODEOWNERS")
    assert set(after.environments) == {"dev", "production"}
    assert after.environments["dev"].approvals


def test_another_dialect_reads_the_same_file_anew() -> None:
    gitlab = organisation().model_copy(update={"codeowners_dialect": "gitlab"})
    facts = changed(
        Documents(organisation=gitlab, codeowners=CODEOWNERS),
        added("policies/data/organisation.yaml"),
    )
    assert is_reowned(facts)
    after = arrangement_after(facts)
    assert after
    assert after.organisation.codeowners_dialect == "gitlab"
