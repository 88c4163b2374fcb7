"""Which plan of Terraform counts for each root that a change touches, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from turnpike.approvals.required import DESTRUCTION, Need
from turnpike.evidence.plan import TerraformPlan
from turnpike.judge.decision import AdmittedPlan
from turnpike.judge.facts import Facts, RootInputs
from turnpike.judge.policy_input import PlanInput, RootInput
from turnpike.judge.testimony import Testimony, weigh
from turnpike.topology.clouds import Clouds
from turnpike.topology.environment import Environment

PLAN_COST = "plan-cost"
"""The code of the note that says what stands after a plan costs a month, and the limit."""


def plans_in(facts: Facts) -> dict[str, Testimony]:
    """Return the newest plan that counts of each root that the change touches, by its path.

    A plan counts for the very inputs that it was made from, and of the lock among them.
    """
    if not facts.roots:
        return {}
    heard = weigh(facts.evidence, facts.keys, facts.clock).testimony
    found = ((root.path, _newest(root, heard)) for root in facts.roots)
    return {path: plan for path, plan in found if plan is not None}


def _newest(root: RootInputs, heard: tuple[Testimony, ...]) -> Testimony | None:
    plans = [one for one in heard if _is_of(root, one)]
    return max(plans, key=lambda one: (_plan(one).finished_at, one.envelope), default=None)


def _is_of(root: RootInputs, one: Testimony) -> bool:
    said, wanted = one.predicate, root.planned
    if not isinstance(said, TerraformPlan) or wanted is None:
        return False
    return one.statement.is_about(wanted) and (said.root, said.lock) == (root.path, root.lock)


def _plan(one: Testimony) -> TerraformPlan:
    assert isinstance(one.predicate, TerraformPlan)  # noqa: S101 - only such are asked about
    return one.predicate


def shown_at(facts: Facts) -> datetime | None:
    """Return since when all plans of a change can be looked at; None where it has none."""
    return max((_plan(one).finished_at for one in plans_in(facts).values()), default=None)


def destruction_needs(facts: Facts, group: str) -> Iterator[Need]:
    """Yield a need for each root whose plan takes away what keeps state."""
    for path, one in plans_in(facts).items():
        lost = sorted(r.address for r in _plan(one).resources if r.stateful and r.is_destroyed)
        if lost:
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            yield Need((group,), 1, f"{DESTRUCTION}{lost[0]}{more} in {path}")


def admitted_plans(facts: Facts, plans: Mapping[str, Testimony]) -> tuple[AdmittedPlan, ...]:
    """Return the plans that an allow lets be applied; of a root that is removed there is none."""
    return tuple(
        AdmittedPlan(
            root=root.path,
            inputs=root.after,
            plan=_plan(plans[root.path]).plan,
            statement=plans[root.path].envelope,
        )
        for root in facts.roots
        if root.after is not None and root.path in plans
    )


def root_input(facts: Facts, root: RootInputs, plan: Testimony | None) -> RootInput:
    """Return what the policies are asked about a root, by what main says of its environment."""
    name, cloud = root.path.split("/")[-2:]
    environment = facts.base.environments.get(name)
    residencies = _residencies(environment, cloud)
    limits = environment.infrastructure if environment else None
    return RootInput(
        path=root.path,
        environment=name,
        cloud=cloud,
        removed=root.after is None,
        regions=_regions(facts.base.clouds, cloud, residencies),
        residencies=residencies,
        monthly_cost=limits.monthly_cost if limits else None,
        plan=_plan_input(_plan(plan), limits.plan_hours if limits else None) if plan else None,
    )


def _residencies(environment: Environment | None, cloud: str) -> tuple[str, ...]:
    targets = environment.targets if environment else ()
    return tuple(sorted({one.residency for one in targets if one.cloud == cloud}))


def _regions(clouds: Clouds | None, cloud: str, residencies: tuple[str, ...]) -> tuple[str, ...]:
    kind = clouds.cloud(cloud) if clouds else None
    regions = kind.regions if kind else {}
    return tuple(sorted(region for region, lies_in in regions.items() if lies_in in residencies))


def _plan_input(plan: TerraformPlan, hours: int | None) -> PlanInput:
    return PlanInput(
        standing=plan.standing,
        finished_at=plan.finished_at,
        expires_at=plan.finished_at + timedelta(hours=hours) if hours else None,
        providers=plan.providers,
        modules=plan.modules,
        resources=plan.resources,
    )
