"""``turnpike gate``: judge a pull request; nothing is written."""

from __future__ import annotations

import sys

import click

from turnpike.cli.base_code import continue_from_base
from turnpike.cli.output import emit, json_option


@click.command()
@click.option("--pr", "number", type=int, required=True, help="Number of the pull request.")
@click.option("--print-facts", is_flag=True, help="Print the facts that were collected, as JSON.")
@json_option
def command(number: int, print_facts: bool, as_json: bool) -> None:
    """Judge a pull request by the policies, owners and keys on main.

    Nothing is recorded and nothing is merged: `turnpike pr merge` does both. Exit code 0 means
    allowed, 1 denied, 3 that no decision was possible, which blocks as well.
    """
    continue_from_base()
    from turnpike.change.merge import judge_pull_request
    from turnpike.cli.wiring import house_here
    from turnpike.explain.decision_text import decision_lines
    from turnpike.judge.decision import EXIT_CODES

    house = house_here()
    judged = judge_pull_request(house.gate(), number)
    shown = judged.facts if print_facts else judged.decision
    emit(as_json or print_facts, shown, decision_lines(judged.decision))
    sys.exit(EXIT_CODES[judged.decision.verdict])
