"""``turnpike history``: every decision about a model, every plan of a root and its applies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.auditing.history import Judgement
from turnpike.cli.output import emit, json_option, to_the_second
from turnpike.cli.wiring import house_here
from turnpike.documents.canonical import to_json
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.infrastructure.applies import Applied
    from turnpike.infrastructure.applying import Approved
    from turnpike.judge.layout import RootKey


@click.command()
@click.argument("what", metavar="TEAM/MODEL|ROOT")
@json_option
def command(what: str, as_json: bool) -> None:
    """Show every decision about a model: when, what, by whom, on what evidence.

    Of ROOT, terraform/environments/ENVIRONMENT/CLOUD, show every plan that main let in, and what a
    planner stated of its apply: that it began, and how it ended.
    """
    from turnpike.judge.layout import root_of

    root = root_of(f"{what.rstrip('/')}/main.tf")
    if root:
        _show_root(root, as_json)
    else:
        _show_model(what, as_json)


def _show_model(model: str, as_json: bool) -> None:
    from turnpike.auditing.heads import heads_of
    from turnpike.auditing.history import history
    from turnpike.cli.releasing import model_key
    from turnpike.record.keys import keys_at

    house = house_here()
    heads = heads_of(house.host)
    found = history(house.host, str(model_key(model)), heads, keys_at(house.host, heads.main))
    lines = [line for judgement in found for line in _lines(judgement)]
    emit(as_json, [_value(one) for one in found], lines or [f"No decision about {model} yet."])


def _show_root(root: RootKey, as_json: bool) -> None:
    from turnpike.auditing.heads import heads_of
    from turnpike.cli.wiring import now
    from turnpike.infrastructure.applies import applies_of
    from turnpike.infrastructure.applying import approved_plans
    from turnpike.record.keys import keys_at
    from turnpike.record.record import Record

    house = house_here()
    heads = heads_of(house.host)
    keys = tuple(keys_at(house.host, heads.main))
    record = Record(house.host).at(heads.record)
    plans = list(approved_plans(house.host, record.decision, keys, root, heads.main, now()))
    found = [
        (plan, applies_of(record.statements_about([plan.plan.plan]), keys, now()))
        for plan in reversed(plans)
    ]
    lines = [line for plan, applies in found for line in _plan_lines(plan, applies)]
    value: list[JsonValue] = [_plan_value(plan, applies) for plan, applies in found]
    emit(as_json, value, lines or [f"No plan of {root} was let in yet."])


def _plan_lines(plan: Approved, applies: tuple[Applied, ...]) -> Iterator[str]:
    yield f"plan {plan.plan.plan}  {plan.decision[:19]}  merge {plan.commit}"
    if plan.cost:
        yield f"  costs {for_terminal(plan.cost)}"
    for one in applies:
        yield f"  {to_the_second(one.said.at)}  {one.said.state} by {for_terminal(one.signer)}"
    if not applies:
        yield "  not applied"
    elif applies[-1].said.state == "begun":
        yield "  nobody has stated how it ended"


def _plan_value(plan: Approved, applies: tuple[Applied, ...]) -> JsonValue:
    return {
        "plan": plan.plan.plan,
        "decision": plan.decision,
        "merge": plan.commit,
        "monthlyCost": plan.cost,
        "applies": [
            {"state": one.said.state, "at": one.said.at.isoformat(), "signer": one.signer}
            for one in applies
        ],
    }


def _lines(one: Judgement) -> Iterator[str]:
    moment = to_the_second(one.at)
    request = f"pull request {one.pull_request}" if one.pull_request else "no pull request"
    subjects = for_terminal(", ".join(one.subjects[:2]))
    yield f"{moment}  {one.verdict}  {one.change_class}  {subjects}  {one.decision[:19]}"
    author, approvers = for_terminal(one.author), ", ".join(one.approvers) or "nobody"
    yield f"  {request} by {author}; approved by {approvers}; merge {one.merge or 'none'}"
    for finding in one.findings[:8]:
        yield f"  - {for_terminal(f'{finding.code} {finding.subject}: {finding.actual}')}"
    for proof in one.evidence:
        yield f"  + {proof.predicate_type} by {for_terminal(proof.signer)}"


def _value(one: Judgement) -> JsonValue:
    return {
        "decision": one.decision,
        "at": one.at.isoformat(),
        "verdict": one.verdict,
        "class": one.change_class,
        "subjects": list(one.subjects),
        "findings": [to_json(finding) for finding in one.findings],
        "pullRequest": one.pull_request,
        "author": one.author,
        "approvers": list(one.approvers),
        "evidence": [
            {"digest": p.digest, "predicateType": p.predicate_type, "signer": p.signer}
            for p in one.evidence
        ],
        "base": one.base,
        "head": one.head,
        "merge": one.merge,
    }
