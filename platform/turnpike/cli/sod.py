"""``turnpike sod``: could one person, or two, take a change of their own to production?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.checkout import checkout_option
from turnpike.cli.output import emit, json_option, table
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.approvals.required import Need
    from turnpike.judge.arrangement import Arrangement
    from turnpike.judge.segregation import Path as Way
    from turnpike.judge.segregation import Step


@click.command()
@checkout_option
@json_option
def command(checkout: Path, as_json: bool) -> None:
    """Prove the segregation of duties over CODEOWNERS, groups and environments.

    For each person, and each two people of whom neither can alone, the shortest way is shown in
    which they could take a change of their own to production: each step with its class of change,
    its path, who writes it and who approves it as which group. Releases are derived, so nobody
    writes them. Production is where nothing is promoted on from, or what organisation.yaml says
    under `segregation`.

    One person alone is never allowed to, so exit code 1. Two together are a warning, two with a
    model of tier high are not allowed; `segregation: {pairs, highRiskPairs}` in organisation.yaml
    says `allow`, `warn` or `deny` for each. Quorums that too few people could fill, were one of
    them the author, are named too.
    """
    from turnpike.cli.arrangement_here import arrangement_in
    from turnpike.judge.roads import production_of
    from turnpike.judge.segregation import forbidden, shortest_paths, unfillable

    arrangement = arrangement_in(checkout)
    ways = shortest_paths(arrangement)
    denied = forbidden(arrangement, ways)
    short = unfillable(arrangement)
    value = {
        "production": list(production_of(arrangement)),
        "paths": [_as_json(arrangement, way) for way in ways],
        "unfillable": [
            {"groups": list(n.groups), "count": n.count, "for": n.reason} for n in short
        ],
        "allowed": not denied,
    }
    emit(as_json, value, _lines(arrangement, ways, short))
    sys.exit(1 if denied else 0)


def _lines(
    arrangement: Arrangement, ways: tuple[Way, ...], short: tuple[Need, ...]
) -> Iterator[str]:
    from turnpike.judge.segregation import rule_for

    alone = [way for way in ways if len(way.people) == 1]
    people = len(arrangement.organisation.people)
    yield f"{people} people: {len(alone)} could alone, {len(ways) - len(alone)} only two together"
    rows = [
        (rule_for(arrangement, way), " + ".join(way.people), "high" if way.high_risk else "any",
         way.environment, "  >  ".join(_words(step) for step in way.steps))
        for way in sorted(ways, key=lambda way: (len(way.people), not way.high_risk, way.people))
    ]  # fmt: skip
    if rows:
        yield from table(("rule", "who", "risk", "to", "by"), rows)
    for need in short:
        who = for_terminal(need.name) or "nobody known"
        yield f"too few for {for_terminal(need.reason)}: {need.count} of {who}, author excluded"


def _words(step: Step) -> str:
    approvals = [f"{', '.join(given.people)} for {given.group}" for given in step.approvals]
    author = f"by {step.author}" if step.author else "derived"
    approved = f", approved by {' and '.join(approvals)}" if approvals else ", needs nobody"
    return f"{step.change_class} {step.path} {author}{approved}"


def _as_json(arrangement: Arrangement, way: Way) -> dict[str, object]:
    from turnpike.judge.segregation import rule_for

    return {
        "people": list(way.people),
        "environment": way.environment,
        "highRisk": way.high_risk,
        "rule": rule_for(arrangement, way),
        "steps": [
            {
                "class": step.change_class,
                "path": step.path,
                "author": step.author,
                "approvals": [
                    {"group": given.group, "people": list(given.people)} for given in step.approvals
                ],
            }
            for step in way.steps
        ],
    }
