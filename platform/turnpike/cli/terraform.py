"""``turnpike terraform``: plan what a pull request changes, and apply what was approved."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, progress
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turnpike.cli.wiring import House
    from turnpike.documents.identifiers import Digest, ObjectId
    from turnpike.evidence.plan import TerraformPlan
    from turnpike.infrastructure.applies import Writer
    from turnpike.infrastructure.planning import Planner
    from turnpike.infrastructure.sign_on import DeclaredSignOn
    from turnpike.judge.decision import Decision
    from turnpike.judge.layout import RootKey
    from turnpike.topology.plan_table import PlanTable


@click.group()
def command() -> None:
    """Plan the roots of Terraform that a pull request touches, and apply what was approved.

    Both run the one Terraform that policies/data/plans.yaml on main names, in a folder that holds
    a root's inputs out of Git and nothing else, with the credentials of whoever calls them.
    """


@command.command()
@click.option("--pr", "number", type=int, required=True, help="Pull request.")
@json_option
def plan(number: int, as_json: bool) -> None:
    """Plan each root whose inputs a pull request changes, and attach the planner's statements.

    An approval counts once it was given after the plan. The plan's file stays on this machine,
    where `turnpike terraform apply` finds it by its digest; only what is judged of it is stated.
    """
    from turnpike.cli.base_code import continue_from_base

    continue_from_base()
    from turnpike.cli.wiring import house_here
    from turnpike.documents.canonical import to_json
    from turnpike.explain.plan_text import changes_of, plan_in_words
    from turnpike.infrastructure.planning import statement_of_plan
    from turnpike.judge.plans import PLAN_COST

    house = house_here()
    made = list(_planned(house, number))
    with house.signer("planner") as signer:
        envelopes = [signer.sign(statement_of_plan(said, inputs)) for said, inputs in made]
    house.forge("turnpike-bot").attach(number, *envelopes)
    decision = _judged(house, number)
    told = [(said, decision.noted(PLAN_COST, said.root)) for said, _ in made]
    lines = [
        line
        for said, cost in told
        for line in (plan_in_words(said, cost), *(f"  {one}" for one in changes_of(said)))
    ]
    value = [{"plan": to_json(said), "monthlyCost": cost} for said, cost in told]
    emit(as_json, value, map(for_terminal, lines))


@command.command()
@click.argument("root", metavar="ROOT")
@json_option
def apply(root: str, as_json: bool) -> None:
    """Apply the plan of ROOT, terraform/environments/ENVIRONMENT/CLOUD, that main let in.

    It is the plan that the newest decision about the root names, by the digest of its file; a file
    of other bytes, other inputs on main by now, or a state that moved on since are refused.
    The record says that it begins, before it does, and how it ended: `turnpike history ROOT`.
    """
    from turnpike.cli.base_code import continue_from_base

    key = _root(root)
    continue_from_base()
    from turnpike.change.roots import terraform_files
    from turnpike.cli.wiring import house_here, now
    from turnpike.infrastructure.applies import on_record
    from turnpike.infrastructure.applying import apply_plan, approved_plan, require_unmoved
    from turnpike.infrastructure.plan_files import kept_plan
    from turnpike.infrastructure.workplace import workplace
    from turnpike.record.keys import keys_at

    house = house_here()
    git, main = house.host, house.main
    keys = keys_at(git, main)
    approved = approved_plan(git, house.record.decision, keys, key, main, now())
    planner = _planner(house, main)
    tree = git.commit(main).tree
    with workplace(git, tree, key, terraform_files(git, tree), planner.table) as place:
        require_unmoved(key, approved, place.inputs)
        kept_plan(house.instance.plans, approved.plan.plan)
        progress(f"applying {approved.plan.plan}")
        with _writer(house) as writer, on_record(writer, key, approved):
            said = apply_plan(planner.terraform, house.instance.plans, place, approved)
    value = {"root": root, "plan": approved.plan.plan, "decision": approved.decision}
    lines = [f"Applied {approved.plan.plan} to {root}", f"  approved by {approved.decision}"]
    told = [f"  {line}" for line in said.splitlines() if line.startswith("Apply complete")]
    emit(as_json, value, map(for_terminal, (*lines, *told)))


@command.command()
@click.argument("root", metavar="ROOT")
@json_option
def drift(root: str, as_json: bool) -> None:
    """Say where the cloud is not what main says of ROOT, terraform/environments/ENVIRONMENT/CLOUD.

    By a plan of main as it is, which is then thrown away: exit code 1 where it would change
    anything. That was changed past Git, or let in and not applied.
    """
    from turnpike.cli.base_code import continue_from_base

    key = _root(root)
    continue_from_base()
    from turnpike.change.roots import terraform_files
    from turnpike.cli.wiring import house_here
    from turnpike.infrastructure.drift import drift_in
    from turnpike.infrastructure.planning import planned
    from turnpike.infrastructure.workplace import workplace

    house = house_here()
    git, tree = house.host, house.host.commit(house.main).tree
    planner = _planner(house, house.main)
    with workplace(git, tree, key, terraform_files(git, tree), planner.table) as place:
        progress(f"planning {key}")
        found = drift_in(planned(planner.terraform, place.folder), key, place.files)
    lines = [f"{d.file}: {d.field}: expected {d.expected}, found {d.found}" for d in found]
    value = [asdict(one) for one in found]
    emit(as_json, value, map(for_terminal, lines or [f"{key}: as main says"]))
    if found:
        sys.exit(1)


def _judged(house: House, number: int) -> Decision:
    """Judge a pull request with what was attached to it; nothing is recorded."""
    from turnpike.change.merge import judge_pull_request

    policies = house.policies()
    with policies.asking(1) as ask:
        return judge_pull_request(house.gate(policies, ask), number).decision


@contextmanager
def _writer(house: House) -> Iterator[Writer]:
    """Return what writes about applies: the planner says it, the gate records it."""
    from turnpike.change.merge import GATE
    from turnpike.cli.wiring import now
    from turnpike.infrastructure.applies import Writer

    with house.signer("planner") as planner, house.signer("gate") as gate:
        yield Writer(house.record, house.forge("turnpike-bot"), planner, gate, GATE, now)


def _root(path: str) -> RootKey:
    from turnpike.judge.layout import root_of

    key = root_of(f"{path.rstrip('/')}/main.tf")
    if key is None or str(key) != path.rstrip("/"):
        raise InputError(
            f"ROOT: expected terraform/environments/ENVIRONMENT/CLOUD, got {path}",
            code="input.no-root",
            solution="Name a root's folder from the top of the repository.",
        )
    return key


def _planned(house: House, number: int) -> Iterator[tuple[TerraformPlan, Digest]]:
    """Plan each touched root as it would be; one that is removed as it is, to see it empty."""
    from turnpike.change.roots import changed_roots, terraform_files
    from turnpike.infrastructure.planning import plan_root
    from turnpike.infrastructure.sign_on import require_declared_groups
    from turnpike.infrastructure.workplace import workplace

    git, main = house.host, house.main
    before, after = git.commit(main).tree, _merged(house, number, main)
    roots = changed_roots(git, before, after)
    if not roots:
        raise InputError(
            f"pull request {number}: expected a change of a root's inputs, found none",
            code="terraform.nothing-to-plan",
            solution=f"`turnpike gate --pr {number}` says what it needs instead.",
        )
    planner = _planner(house, main)
    for one in roots:
        tree = after if one.after else before
        key = _root(one.path)
        with workplace(git, tree, key, terraform_files(git, tree), planner.table) as place:
            if one.after:
                require_declared_groups(place.files, _sign_on(house))
            progress(f"planning {key}")
            yield plan_root(planner, key, place), place.inputs


def _sign_on(house: House) -> DeclaredSignOn:
    """Return whom main lets in at what a root makes."""
    from turnpike.infrastructure.sign_on import DeclaredSignOn
    from turnpike.rendering.mlflow_access import administrators_of, permissions_of

    organisation = house.organisation
    given = permissions_of(organisation)
    provider = organisation.sign_on
    return DeclaredSignOn(
        groups=frozenset(one.group for one in given),
        administrators=administrators_of(given),
        issuer=provider.issuer if provider else None,
    )


def _merged(house: House, number: int, main: ObjectId) -> ObjectId:
    head = house.forge().head_of(number)
    merge = house.host.merge_tree(main, head)
    if merge.tree is None:
        raise InputError(
            f"pull request {number}: expected a head that merges into main, found a conflict in"
            f" {', '.join(merge.conflicts)}",
            code="change.conflict",
            solution="Rebase the branch on main, then push it again.",
        )
    return merge.tree


def _planner(house: House, main: ObjectId) -> Planner:
    from turnpike.cli.wiring import now
    from turnpike.infrastructure.planning import Planner
    from turnpike.terraform.program import find_terraform

    table = _table(house, main)
    return Planner(find_terraform(table.terraform, os.environ), table, house.instance.plans, now)


def _table(house: House, main: ObjectId) -> PlanTable:
    from turnpike.documents.reading import read
    from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH

    content = house.host.read(main, PLAN_TABLE_PATH)
    if content is None:
        raise InputError(
            f"{PLAN_TABLE_PATH}: expected the table of what is judged of plans on main, found none",
            code="terraform.no-table",
            solution="Bring it by a change of class policy.",
        )
    return read(PLAN_TABLE, content, PLAN_TABLE_PATH)
