"""``turnpike gate``: judge a pull request; nothing is written."""

from __future__ import annotations

import sys

import click

from turnpike.cli.base_code import continue_from_base
from turnpike.cli.output import emit, json_option


@click.command()
@click.option(
    "--pr", "numbers", type=int, multiple=True, required=True, help="Number; may be repeated."
)
@click.option("--print-facts", is_flag=True, help="Print the facts that were collected, as JSON.")
@json_option
def command(numbers: tuple[int, ...], print_facts: bool, as_json: bool) -> None:
    """Judge pull requests by the policies, owners and keys on main.

    Nothing is recorded and nothing is merged: `turnpike pr merge` does both. Exit code 0 means
    allowed, 1 denied, 3 that no decision was possible, which blocks as well; of several pull
    requests, the highest.
    """
    continue_from_base()
    from turnpike.change.merge import judge_pull_request
    from turnpike.cli.wiring import house_here
    from turnpike.explain.decision_text import decision_lines
    from turnpike.judge.decision import EXIT_CODES

    house = house_here()
    policies = house.policies()
    with policies.asking(len(numbers)) as ask:
        gate = house.gate(policies, ask)
        judged = [judge_pull_request(gate, number) for number in numbers]
    shown = [one.facts if print_facts else one.decision for one in judged]
    lines = [line for one in judged for line in decision_lines(one.decision)]
    emit(as_json or print_facts, shown[0] if len(shown) == 1 else shown, lines)
    sys.exit(max(EXIT_CODES[one.decision.verdict] for one in judged))
