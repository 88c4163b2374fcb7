"""``turnpike promote``: carry out what `turnpike plan` says of moves to the next environment."""

from __future__ import annotations

import sys

import click

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import acting, house_here

_HELP = """
Open a pull request that promotes what an earlier environment serves.

The same artifact digest and the same manifest move on; only release.yaml and manifests.yaml of
the environment's targets change. First the move is planned, exactly as `turnpike plan` shows it:
where the line, a soak, a freeze or a window is in its way, nothing is opened, and the exit code
is 1. With --anyway the pull request is opened to wait; the gate refuses it for as long as the
plan does. Where main moves meanwhile it is planned again, and what changed is told.
"""


@click.command(help=_HELP)
@click.argument("models", nargs=-1, required=True, metavar="TEAM/MODEL...")
@click.option("--to", "environment", required=True, help="Environment to promote to.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@click.option("--from", "origin", help="From this environment, where several serve the model.")
@click.option("--anyway", is_flag=True, help="Open the pull request to wait, if it can't go now.")
@as_option
@json_option
def command(
    models: tuple[str, ...],
    environment: str,
    targets: tuple[str, ...],
    origin: str | None,
    anyway: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Plan on main, and open the change that carries the plan out."""
    from turnpike.cli.promoting import agreed, refusal
    from turnpike.cli.releasing import model_keys, open_plan, tell_opened
    from turnpike.promotion.outlook import Asking

    house = house_here()
    asking = Asking(model_keys(models), environment, targets)
    settled = agreed(house, asking, origin)
    if settled.waiting and not anyway:
        value, lines = refusal(settled)
        emit(as_json, value, lines)
        sys.exit(1)
    who = acting(house, person)
    opened = open_plan(house, who, settled.plan, settled.main)
    tell_opened(who, opened, settled.plan, as_json)
