"""``turnpike history``: every decision about a model."""

from __future__ import annotations

from collections.abc import Iterator

import click
from pydantic import JsonValue

from turnpike.auditing.history import Judgement
from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import house_here
from turnpike.documents.canonical import to_json
from turnpike.explain.escape import for_terminal


@click.command()
@click.argument("model", metavar="TEAM/MODEL")
@json_option
def command(model: str, as_json: bool) -> None:
    """Show every decision about a model: when, what, by whom, on what evidence."""
    from turnpike.auditing.heads import heads_of
    from turnpike.auditing.history import history
    from turnpike.auditing.keys import keys_at
    from turnpike.cli.releasing import model_key

    house = house_here()
    heads = heads_of(house.host)
    found = history(house.host, str(model_key(model)), heads, keys_at(house.host, heads.main))
    lines = [line for judgement in found for line in _lines(judgement)]
    emit(as_json, [_value(one) for one in found], lines or [f"No decision about {model} yet."])


def _lines(one: Judgement) -> Iterator[str]:
    moment = one.at.strftime("%Y-%m-%d %H:%M:%S %Z")
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
