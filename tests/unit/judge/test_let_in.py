"""What the organisation no longer gives a group, no root of Terraform goes on letting in."""

from __future__ import annotations

from typing import Literal

import pytest

from turnpike.judge.decide import decide
from turnpike.judge.facts import Facts, LetIn
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.judge.let_in import left_behind
from turnpike.judge.policy_input import Answer
from turnpike.topology.organisation import Access, Organisation, SignOn
from unit.judge.examples import added, model_facts, organisation, with_changes

ROOT = "terraform/environments/dev/aws/main.tf"
ADMINISTERS = Access(group="platform-owners", role="administrator")
READS = Access(group="risk-quorum", role="viewer")


def company(*access: Access, prefix: str = "") -> Organisation:
    told = {"issuer": "https://sso.example", "host": "gitea", "clients": {"pages": {"id": "p"}}}
    sign_on = SignOn.model_validate({**told, "groupPrefix": prefix}) if prefix else None
    return organisation().model_copy(update={"access": access, "sign_on": sign_on})


def named(group: str, kind: Literal["groups", "administrators"] = "groups") -> LetIn:
    field = f"module.mlflow_server.sign_on.{kind}.0"
    return LetIn(path=ROOT, field=field, kind=kind, group=group)


def facts_of(before: Organisation, after: Organisation, *let_in: LetIn) -> Facts:
    facts = with_changes(model_facts(), added(ORGANISATION_PATH))
    return facts.model_copy(
        update={
            "base": facts.base.model_copy(update={"organisation": before}),
            "head": facts.head.model_copy(update={"organisation": after}),
            "let_in": let_in,
        }
    )


def test_a_group_that_loses_everything_there_is_taken_off_the_root_first() -> None:
    facts = facts_of(company(ADMINISTERS, READS), company(ADMINISTERS), named("risk-quorum"))
    (finding,) = left_behind(facts)
    assert finding.code == "access.still-let-in"
    assert finding.subject == f"{ROOT}: module.mlflow_server.sign_on.groups.0"
    assert finding.actual == "risk-quorum"
    assert finding.expected.endswith(": oncology, platform-owners")
    assert finding in decide(facts, Answer(results=())).findings


@pytest.mark.parametrize(
    ("group", "after"),
    [
        ("platform-owners", company(ADMINISTERS)),  # another one goes
        ("oncology", company()),  # a team's own group registers candidates
        ("strangers", company()),  # which main lets in nowhere, either
        ("risk-quorum", company(ADMINISTERS, READS.model_copy(update={"teams": ("oncology",)}))),
    ],
)
def test_what_leaves_it_something_passes(group: str, after: Organisation) -> None:
    assert left_behind(facts_of(company(ADMINISTERS, READS), after, named(group))) == ()


def test_an_administrator_must_remain_one() -> None:
    less = ADMINISTERS.model_copy(update={"role": "viewer"})
    both = named("platform-owners"), named("platform-owners", "administrators")
    (finding,) = left_behind(facts_of(company(ADMINISTERS), company(less), *both))
    assert finding.subject.endswith("sign_on.administrators.0")
    assert finding.expected.endswith(": none")


def test_groups_count_by_their_own_names() -> None:
    before = company(ADMINISTERS, READS, prefix="aurora:")
    renamed = company(ADMINISTERS, READS, prefix="example:")
    assert left_behind(facts_of(before, renamed, named("aurora:risk-quorum"))) == ()
    gone = company(ADMINISTERS, prefix="example:")
    (finding,) = left_behind(facts_of(before, gone, named("aurora:risk-quorum")))
    assert finding.actual == "aurora:risk-quorum"
