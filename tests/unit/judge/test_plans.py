"""Which plan counts for a root, what it asks for, and what the policies are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import Facts
from turnpike.judge.plans import admitted_plans, destruction_needs, plans_in, root_input, shown_at
from turnpike.judge.queries import plan_queries
from turnpike.judge.requirements import requirements_of
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import Environment, Infrastructure
from unit.judge.examples import NOW, RoleKey, environment, review
from unit.judge.planned import (
    AT,
    EARLIER,
    INPUTS,
    LOCK,
    MADE,
    PLANNER,
    plan,
    resource,
    root,
    signed,
    terraform_facts,
)

LOSING = plan(
    resource("aws_s3_bucket.a", "delete", "create", stateful=True),
    resource("aws_s3_bucket.b", "delete", stateful=True),
    resource("aws_vpc.this", "delete"),
)


def counted(facts: Facts) -> list[str]:
    return [one.envelope for one in plans_in(facts).values()]


def test_the_newest_plan_of_the_inputs_counts() -> None:
    old, new = signed(plan(at=MADE - timedelta(hours=1))), signed(plan())
    assert counted(terraform_facts(old, new)) == [new.digest()]
    assert counted(terraform_facts(new, old)) == [new.digest()]


def test_a_plan_of_other_inputs_another_root_or_another_lock_does_not_count() -> None:
    for other in (
        signed(plan(), EARLIER),
        signed(plan(root="terraform/environments/dev/gcp")),
        signed(plan().model_copy(update={"lock": digest_of(b"other")})),
        signed(plan().model_copy(update={"lock": None})),
    ):
        assert counted(terraform_facts(other)) == []


@pytest.mark.parametrize("key", [RoleKey("validator"), RoleKey("planner")])
def test_a_plan_that_no_planner_of_main_signed_does_not_count(key: RoleKey) -> None:
    assert counted(terraform_facts(signed(plan(), key=key))) == []


def test_a_revoked_planner_does_not_count() -> None:
    revoked = PLANNER.public.model_copy(update={"revoked_at": NOW - timedelta(seconds=1)})
    facts = terraform_facts(signed(plan())).model_copy(update={"keys": (revoked,)})
    assert counted(facts) == []


def test_a_removed_root_is_planned_as_it_was() -> None:
    removed = {"roots": (root(before=INPUTS, after=None),)}
    facts = terraform_facts(signed(plan())).model_copy(update=removed)
    assert len(counted(facts)) == 1
    assert admitted_plans(facts, plans_in(facts)) == ()


def test_an_admitted_plan_names_inputs_file_and_statement() -> None:
    envelope = signed(plan())
    facts = terraform_facts(envelope)
    (one,) = admitted_plans(facts, plans_in(facts))
    assert (one.root, one.inputs, one.plan) == (AT, INPUTS, plan().plan)
    assert one.statement == envelope.digest()


def test_what_keeps_state_is_not_destroyed_without_an_approval_of_its_own() -> None:
    facts = terraform_facts(signed(LOSING))
    (need,) = destruction_needs(facts, "risk-quorum")
    assert need.groups == ("risk-quorum",)
    assert need.reason == f"destruction of aws_s3_bucket.a and 1 more in {AT}"
    found = [one for one in requirements_of(facts, "terraform") if one.reason == need.reason]
    assert [(one.group, one.is_met) for one in found] == [("risk-quorum", False)]


def test_the_risk_groups_review_meets_it() -> None:
    facts = terraform_facts(signed(LOSING), reviews=(review("nora"),))
    met = {one.reason for one in requirements_of(facts, "terraform") if one.is_met}
    assert any(reason.startswith("destruction of ") for reason in met)


def test_a_plan_that_destroys_nothing_of_state_asks_for_nothing() -> None:
    facts = terraform_facts(signed(plan(resource("aws_vpc.this", "delete"))))
    assert list(destruction_needs(facts, "risk-quorum")) == []


@pytest.mark.parametrize(("seconds", "counts"), [(-1, False), (0, True), (1, True)])
def test_an_approval_counts_once_the_plan_could_be_looked_at(seconds: int, counts: bool) -> None:
    at = MADE + timedelta(seconds=seconds)
    said = review("sam").model_copy(update={"at": at})
    facts = terraform_facts(signed(plan()), reviews=(said,))
    assert shown_at(facts) == MADE
    owners = [one for one in requirements_of(facts, "terraform") if one.group == "platform-owners"]
    assert owners
    assert all(one.is_met is counts for one in owners)


def test_an_objection_before_the_plan_still_stands() -> None:
    from turnpike.judge.requirements import approvals_in

    early = review("sam", "changes-requested").model_copy(update={"at": MADE - timedelta(hours=1)})
    assert approvals_in(terraform_facts(signed(plan()), reviews=(early,))).objecting == {"sam"}


def test_a_change_without_roots_has_no_plans() -> None:
    facts = terraform_facts(signed(plan())).model_copy(update={"roots": ()})
    assert plans_in(facts) == {}
    assert shown_at(facts) is None


def on_aws() -> Environment:
    target = environment("dev").targets[0]
    aws = target.model_copy(update={"name": "aws-eu", "cloud": "aws", "region": "eu-central-1"})
    limits = Infrastructure(monthly_cost=50.0, plan_hours=2)
    return environment("dev").model_copy(
        update={"targets": (target, aws), "infrastructure": limits}
    )


def clouds() -> Clouds:
    regions = {"eu-central-1": "EU", "us-east-1": "US"}
    aws = {"name": "aws", "regions": regions, "storage": ["s3"]}
    said = {"apiVersion": "turnpike.dev/v1", "kind": "Clouds", "clouds": [aws], "concerns": []}
    return CLOUDS.validate_python(said, strict=False)


def test_the_policies_are_told_what_main_says_of_the_environment() -> None:
    facts = terraform_facts(signed(plan(resource("aws_vpc.this"))))
    base = facts.base.model_copy(update={"environments": {"dev": on_aws()}, "clouds": clouds()})
    facts = facts.model_copy(update={"base": base})
    (asked,) = (query for query in plan_queries(facts) if query.subject.kind == "root")
    found = asked.terraform_root
    assert found is not None
    assert found.plan is not None
    assert (asked.subject.id, found.environment, found.cloud) == (AT, "dev", "aws")
    assert (found.regions, found.residencies) == (("eu-central-1",), ("EU",))
    assert (found.monthly_cost, found.removed) == (50.0, False)
    assert found.plan.expires_at == MADE + timedelta(hours=2)
    assert [one.address for one in found.plan.resources] == ["aws_vpc.this"]


def test_of_an_environment_that_says_nothing_nothing_is_allowed() -> None:
    facts = terraform_facts(signed(plan()))
    found = root_input(facts, root(), plans_in(facts)[AT])
    assert found.plan is not None
    assert found.plan.expires_at is None
    assert (found.regions, found.residencies, found.monthly_cost) == ((), (), None)
    nowhere = facts.model_copy(update={"base": facts.base.model_copy(update={"environments": {}})})
    assert root_input(nowhere, root(), None).plan is None


def test_a_lock_is_of_the_side_that_is_planned() -> None:
    assert root(before=EARLIER, after=None).planned == EARLIER
    assert root(before=EARLIER).planned == INPUTS
    assert root().lock == LOCK
